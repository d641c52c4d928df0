import { MAX_SET_NAME } from '../../state/teach-items.ts';

interface Props {
  readonly name: string;
  readonly placeholder?: string;
  readonly onChange: (name: string) => void;
}

/** What is taught, and the model that comes of it, are called by this. */
export function NameField({ name, placeholder, onChange }: Props) {
  return (
    <label className="capsule written teach-name">
      Name
      <input
        type="text"
        value={name}
        placeholder={placeholder}
        maxLength={MAX_SET_NAME}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
