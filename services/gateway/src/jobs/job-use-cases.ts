import { MienError } from '@mien/errors';
import type { JobStore } from '@mien/jobs';
import { Role, type SubmitJobRequest, type SubmittedJob } from '@mien/proto';
import type { Principal } from '../access/principal';
import type { Call } from '../usecases/call';
import { FIELD_LIMITS } from '../usecases/limits';
import type { JobUseCases } from '../usecases/use-cases';
import { checkNumber } from '../usecases/validation';
import type { Uploads } from './uploads';
import { deadlineOf, validateSubmission } from './validation';

interface JobParts {
  readonly store: JobStore;
  readonly uploads: Uploads;
  /** Whether work on the library can be done. */
  readonly hasLibrary: boolean;
  /** Throws OVERLOADED when too much waits. */
  refuseWhenFull(): void;
  /** Throws ENDPOINT_NOT_FOUND unless the endpoint is one of the caller's. */
  expectEndpoint(id: string, call: Call): Promise<unknown>;
}

const USUAL_PAGE = 100;

export function jobUseCases(parts: JobParts): JobUseCases {
  const { store, uploads } = parts;
  const own = async (id: string, call: Call): Promise<SubmittedJob> => {
    const job = await store.get(id);
    if (!owns(principalOf(call), job)) {
      throw new MienError('JOB_NOT_FOUND', `there is no job ${id}`, { metadata: { jobId: id } });
    }
    return job;
  };
  return {
    uploadPhoto: async ({ content }, call) => {
      const { id, expiresAt } = await uploads.keep(content, principalOf(call).keyId);
      return { uploadId: id, expiresAt };
    },
    submitJob: async (request, call) => ({ job: await submit(request, call, parts) }),
    getJob: async ({ id }, call) => ({ job: await own(id, call) }),
    listJobs: async ({ page, states, createdFrom, createdBefore }, call) => {
      const { keyId, role } = principalOf(call);
      const whose = role === Role.ROLE_ADMIN ? {} : { keyId };
      return await store.list({ ...whose, states, createdFrom, createdBefore, ...pageOf(page) });
    },
    listJobResults: async ({ id, page }, call) => {
      await own(id, call);
      return await store.results(id, pageOf(page));
    },
    cancelJob: async ({ id }, call) => {
      await own(id, call);
      return { job: await store.cancel(id) };
    },
    watchJob: async function* ({ id }, call) {
      await own(id, call);
      for await (const job of store.watch(id, call.signal)) {
        yield { job };
      }
    },
  };
}

async function submit(request: SubmitJobRequest, call: Call, parts: JobParts): Promise<SubmittedJob> {
  validateSubmission(request);
  const deadline = deadlineOf(request, Date.now());
  for (const [index, { source }] of request.photos.entries()) {
    if (source?.$case === 'uploadId') {
      parts.uploads.check(source.value, `photos[${index}].upload_id`);
    }
  }
  if (!parts.hasLibrary && needsLibrary(request)) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      'this gateway has no library: MIEN_LIBRARY_ADDRESS is not set',
      {
        metadata: { variable: 'MIEN_LIBRARY_ADDRESS' },
      },
    );
  }
  if (request.callbackEndpointId !== '') {
    await parts.expectEndpoint(request.callbackEndpointId, call);
  }
  parts.refuseWhenFull();
  const { keyId, role, groupIds } = principalOf(call);
  return await parts.store.submit({ request, owner: { keyId, role, groupIds: [...groupIds] }, deadline });
}

function needsLibrary({ work }: SubmitJobRequest): boolean {
  return work?.$case === 'search' || work?.$case === 'enrol' || work?.$case === 'duplicateCheck';
}

function principalOf({ origin }: Call): Principal {
  return origin.principal;
}

function owns({ role, keyId }: Principal, job: SubmittedJob): boolean {
  return role === Role.ROLE_ADMIN || job.keyId === keyId;
}

function pageOf({ size = 0, cursor = '' }: { size?: number; cursor?: string } = {}) {
  checkNumber('page.size', size, FIELD_LIMITS['mien.v1.Page.size']);
  return { size: size === 0 ? USUAL_PAGE : size, cursor };
}
