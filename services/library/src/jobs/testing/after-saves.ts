import type { Library } from '../../library';

/** The library, with something that happens once so many batches of a duplicate check are saved. */
export function afterCheckSaves(library: Library, saves: number, happens: () => Promise<void>): Library {
  return afterEveryCheckSave(library, atThe(saves, happens));
}

/** The library, with something that happens once so many batches of a model upgrade are saved. */
export function afterUpgradeSaves(library: Library, saves: number, happens: () => Promise<void>): Library {
  return afterEveryUpgradeSave(library, atThe(saves, happens));
}

export function afterEveryCheckSave(library: Library, happens: () => unknown): Library {
  const duplicateChecks = telling(library.people.duplicateChecks, happens);
  return { ...library, people: changed(library.people, { duplicateChecks }) };
}

export function afterEveryUpgradeSave(library: Library, happens: () => unknown): Library {
  const modelUpgrades = telling(library.people.modelUpgrades, happens);
  return { ...library, people: changed(library.people, { modelUpgrades }) };
}

function atThe(saves: number, happens: () => Promise<void>): () => Promise<void> {
  let left = saves;
  return async () => {
    left -= 1;
    if (left === 0) {
      await happens();
    }
  };
}

function telling<Batch extends unknown[], Store extends { save(...batch: Batch): Promise<void> }>(
  store: Store & { save(...batch: Batch): Promise<void> },
  happens: () => unknown,
): Store {
  const save = async (...batch: Batch) => {
    await store.save(...batch);
    await happens();
  };
  return changed(store, { save });
}

/** The object with some of its members replaced; all others are its own. */
function changed<T extends object>(object: T, members: object): T {
  return Object.create(object, Object.getOwnPropertyDescriptors(members));
}
