import { MienError } from '@mien/errors';
import { limitReached } from '../limits';
import type { VersionedTemplate } from '../model-versions';
import { checkBlobKey, checkFaceId, checkFaceIds, checkId, checkModelVersion, invalid } from '../naming';
import type { ExpectedState, NewFace, PersonFace } from '../persons';
import { checkVector } from '../template/vector';
import { takeReservations } from './blob-reservation';
import { change, type LibraryContext } from './context';
import { countInGroups, countInTotals } from './counts';
import { lockGroupsOf, lockPerson } from './locks';
import { facesAdded, facesEnrolled, facesRemoved } from './outbox-table';
import { faceOf } from './person-reading';
import { countFaces } from './person-removal';
import { expectRevision, touch } from './person-table';
import type { FaceRow, GroupRow, InTransaction } from './schema';

export async function addFaces(
  library: LibraryContext,
  personId: string,
  faces: readonly NewFace[],
  expected: ExpectedState = {},
): Promise<readonly PersonFace[]> {
  checkId('personId', personId);
  if (faces.length === 0) {
    throw invalid('faces', 'at least one face is needed');
  }
  faces.forEach((face, index) => {
    checkFace(`faces[${index}]`, face);
  });
  return change(library.db, async (trx) => {
    expectRevision(await lockPerson(trx, personId), expected);
    // Before the limits: whoever repeats what was done is told so.
    await expectNew(trx, faces);
    if ((await countFaces(trx, personId)) + faces.length > library.limits.facesPerPerson) {
      throw limitReached(library.limits, 'facesPerPerson');
    }
    const groups = await lockGroupsOf(trx, personId);
    for (const group of groups) {
      checkRoom(library, group, faces.map(versionsOf));
    }
    const rows = await insertFaces(library, trx, personId, faces);
    await facesEnrolled(trx, 'face-enrolled', rows);
    await touch(trx, personId);
    await countInGroups(
      trx,
      groups.map((group) => group.id),
      0,
      faces.length,
    );
    await countInTotals(trx, library.limits, { faces: faces.length });
    return rows.map(faceOf);
  });
}

export async function deleteFaces(
  library: LibraryContext,
  personId: string,
  faceIds: readonly string[],
): Promise<readonly string[]> {
  checkId('personId', personId);
  checkFaceIds('faceIds', faceIds);
  if (faceIds.length === 0) {
    throw invalid('faceIds', 'at least one face is needed');
  }
  return change(library.db, async (trx) => {
    await lockPerson(trx, personId);
    const before = await countFaces(trx, personId);
    const removed = await trx
      .deleteFrom('faces')
      .where('person_id', '=', personId)
      .where('id', 'in', faceIds)
      .returning(['id', 'person_id', 'crop_key', 'photo_key'])
      .execute();
    if (removed.length === 0) {
      throw new MienError('FACE_NOT_FOUND', 'the person has none of these faces');
    }
    if (removed.length === before) {
      throw new MienError('LAST_FACE', 'a person keeps one face at least');
    }
    const groups = await lockGroupsOf(trx, personId);
    await facesRemoved(trx, removed);
    await touch(trx, personId);
    await countInGroups(
      trx,
      groups.map((group) => group.id),
      0,
      -removed.length,
    );
    await countInTotals(trx, library.limits, { faces: -removed.length });
    return removed.map((face) => face.id);
  });
}

/** Throws FACE_ID_TAKEN when one of the faces is enrolled. */
async function expectNew(trx: InTransaction, faces: readonly NewFace[]): Promise<void> {
  const ids = faces.map((face) => face.id);
  const taken = await trx.selectFrom('faces').select('id').where('id', 'in', ids).executeTakeFirst();
  if (taken !== undefined) {
    throw new MienError('FACE_ID_TAKEN', `there is a face ${taken.id}`, { metadata: { faceId: taken.id } });
  }
}

/** Faces with their templates and what the index has to know of them. */
export async function insertFaces(
  library: LibraryContext,
  trx: InTransaction,
  personId: string,
  faces: readonly NewFace[],
): Promise<readonly FaceRow[]> {
  await takeReservations(
    trx,
    faces.flatMap((face) => [face.cropKey, face.photoKey]).filter((key) => key !== undefined),
  );
  const rows: FaceRow[] = [];
  for (const face of faces) {
    // One by one: a statement of several rows need not return them in their order.
    const row = await trx
      .insertInto('faces')
      .values({
        id: face.id,
        person_id: personId,
        box_x: face.box.x,
        box_y: face.box.y,
        box_width: face.box.width,
        box_height: face.box.height,
        quality: face.quality,
        model_version: face.modelVersion,
        crop_key: face.cropKey ?? null,
        photo_key: face.photoKey ?? null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await trx
      .insertInto('templates')
      .values(
        templatesOf(face).map(({ modelVersion, template }) => {
          const { keyId, bytes } = library.codec.encode(template, face.id, modelVersion);
          return { face_seq: Number(row.seq), model_version: modelVersion, key_id: keyId, bytes };
        }),
      )
      .execute();
    rows.push(row);
  }
  await facesAdded(trx, rows);
  return rows;
}

export function checkFace(field: string, face: NewFace): void {
  checkFaceId(`${field}.id`, face.id);
  const templates = templatesOf(face);
  for (const { modelVersion, template } of templates) {
    checkModelVersion(`${field}.modelVersion`, modelVersion);
    checkVector(`${field}.template`, template);
  }
  if (versionsOf(face).size < templates.length) {
    throw invalid(`${field}.furtherTemplates`, 'a face has one template of a model version');
  }
  const { x, y, width, height } = face.box;
  if (![x, y, width, height, face.quality].every(Number.isFinite)) {
    throw invalid(field, 'box and quality are finite numbers');
  }
  for (const key of [face.cropKey, face.photoKey]) {
    if (key !== undefined) {
      checkBlobKey(`${field}.blobKey`, key);
    }
  }
}

/** The model versions that the face comes with templates of. */
export function versionsOf(face: NewFace): ReadonlySet<string> {
  return new Set(templatesOf(face).map(({ modelVersion }) => modelVersion));
}

function templatesOf({
  modelVersion,
  template,
  furtherTemplates = [],
}: NewFace): readonly VersionedTemplate[] {
  return [{ modelVersion, template }, ...furtherTemplates];
}

export function versionsDiffer(groupId: string, groupVersion: string, version: string): MienError {
  return new MienError(
    'MODEL_VERSIONS_DIFFER',
    `group ${groupId} is of model version ${groupVersion}, not of ${version}`,
    { metadata: { groupId } },
  );
}

/** Whether a group whose lock is held can take faces that have templates of these versions. Throws MODEL_VERSIONS_DIFFER, LIMIT_REACHED. */
export function checkRoom(
  library: LibraryContext,
  group: GroupRow,
  faces: readonly ReadonlySet<string>[],
): void {
  const other = faces.find((versions) => !versions.has(group.model_version));
  if (other !== undefined) {
    throw versionsDiffer(group.id, group.model_version, [...other].join(', '));
  }
  if (Number(group.face_count) + faces.length > library.limits.facesPerGroup) {
    throw limitReached(library.limits, 'facesPerGroup');
  }
}
