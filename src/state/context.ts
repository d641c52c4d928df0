/** The way from the store to components. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { State, Store } from './store.ts';

export const StoreContext = createContext<Store | null>(null);

export function useLimnStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('No store above this component.');
  return store;
}

export function useLimn<T>(select: (state: State) => T): T {
  return useStore(useLimnStore(), select);
}
