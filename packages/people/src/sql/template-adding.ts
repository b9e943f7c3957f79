import { sql } from 'kysely';
import type { FaceLackingTemplate, NewTemplate } from '../model-versions';
import { checkFaceId, checkModelVersion, invalid } from '../naming';
import { checkVector } from '../template/vector';
import type { FaceBatch, FaceRange } from '../templates';
import { change, type LibraryContext, snapshot } from './context';
import { slicesOfGroups } from './group-faces';
import { holdFaces } from './locks';
import { facesAdded } from './outbox-table';
import type { InTransaction } from './schema';

const MOST_TEMPLATES = 1000;

export async function addTemplates(
  library: LibraryContext,
  templates: readonly NewTemplate[],
): Promise<readonly string[]> {
  checkTemplates(templates);
  return change(library.db, (trx) => insertTemplates(library, trx, templates));
}

/** Throws ARGUMENT_INVALID. */
export function checkTemplates(templates: readonly NewTemplate[]): void {
  if (templates.length > MOST_TEMPLATES) {
    throw invalid('templates', `at most ${MOST_TEMPLATES} templates at once`);
  }
  templates.forEach(({ faceId, modelVersion, template }, index) => {
    checkFaceId(`templates[${index}].faceId`, faceId);
    checkModelVersion(`templates[${index}].modelVersion`, modelVersion);
    checkVector(`templates[${index}].template`, template);
  });
}

/** Of those of the faces that are there; gives their ids. The last of two templates of one kind stays. */
export async function insertTemplates(
  library: LibraryContext,
  trx: InTransaction,
  templates: readonly NewTemplate[],
): Promise<readonly string[]> {
  const faces = await holdFaces(
    trx,
    templates.map((template) => template.faceId),
  );
  // In one order, so that two who write the same ones don't wait for each other in a circle.
  for (const { faceId, modelVersion, template } of templates.toSorted(byFaceAndVersion)) {
    const face = faces.get(faceId);
    if (face !== undefined) {
      const { keyId, bytes } = library.codec.encode(template, faceId, modelVersion);
      await trx
        .insertInto('templates')
        .values({ face_seq: face.seq, model_version: modelVersion, key_id: keyId, bytes })
        .onConflict((taken) =>
          taken.columns(['face_seq', 'model_version']).doUpdateSet({ key_id: keyId, bytes }),
        )
        .execute();
    }
  }
  await facesAdded(
    trx,
    [...faces].map(([id, { personId }]) => ({ id, person_id: personId })),
  );
  return [...faces.keys()];
}

function byFaceAndVersion(a: NewTemplate, b: NewTemplate): number {
  const [first = '', second = ''] = [a, b].map(({ faceId, modelVersion }) => `${faceId} ${modelVersion}`);
  return first < second ? -1 : Number(first > second);
}

export async function* streamFacesLackingTemplate(
  library: LibraryContext,
  modelVersion: string,
  range: FaceRange,
): AsyncIterable<FaceBatch<FaceLackingTemplate>> {
  checkModelVersion('modelVersion', modelVersion);
  for await (const { faces, last } of slicesOfGroups(library, range)) {
    const { rows } = await snapshot(library.db, (trx) =>
      sql<{ id: string; person_id: string; crop_key: string | null }>`
        select f.id, f.person_id, f.crop_key from ${faces}
        where not exists (
          select 1 from templates where face_seq = f.seq and model_version = ${modelVersion} offset 0
        )
        order by f.seq`.execute(trx),
    );
    const entries = rows.map((row) => ({
      faceId: row.id,
      personId: row.person_id,
      ...(row.crop_key === null ? {} : { cropKey: row.crop_key }),
    }));
    yield { entries, cursor: last };
  }
}
