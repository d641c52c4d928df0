interface Props {
  readonly label: string;
  /** 0 to 1; null while nobody knows. */
  readonly value: number | null;
}

export function Progress({ label, value }: Props) {
  return <progress className="progress" aria-label={label} max={1} {...(value === null ? {} : { value })} />;
}
