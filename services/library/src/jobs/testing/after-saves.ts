import type { Library } from '../../library';

/** The library, with something that happens once so many batches of a duplicate check are saved. */
export function afterCheckSaves(library: Library, saves: number, happens: () => Promise<void>): Library {
  const duplicateChecks = telling(library.people.duplicateChecks, saves, happens);
  return { ...library, people: changed(library.people, { duplicateChecks }) };
}

/** The library, with something that happens once so many batches of a model upgrade are saved. */
export function afterUpgradeSaves(library: Library, saves: number, happens: () => Promise<void>): Library {
  const modelUpgrades = telling(library.people.modelUpgrades, saves, happens);
  return { ...library, people: changed(library.people, { modelUpgrades }) };
}

function telling<Batch extends unknown[], Store extends { save(...batch: Batch): Promise<void> }>(
  store: Store & { save(...batch: Batch): Promise<void> },
  saves: number,
  happens: () => Promise<void>,
): Store {
  let left = saves;
  const save = async (...batch: Batch) => {
    await store.save(...batch);
    left -= 1;
    if (left === 0) {
      await happens();
    }
  };
  return changed(store, { save });
}

/** The object with some of its members replaced; all others are its own. */
function changed<T extends object>(object: T, members: object): T {
  return Object.create(object, Object.getOwnPropertyDescriptors(members));
}
