import {
  CancelJobRequest,
  CancelJobResponse,
  GetJobRequest,
  GetJobResponse,
  JobPhoto,
  JobServiceService,
  ListJobResultsRequest,
  ListJobResultsResponse,
  ListJobsRequest,
  ListJobsResponse,
  SubmitJobRequest,
  SubmitJobResponse,
  UploadPhotoRequest,
  UploadPhotoResponse,
} from '@mien/proto';
import { LIST_LIMITS } from '../../usecases/limits';
import { type Endpoint, endpoint, type PhotoPart } from './endpoint';

const MAX_PHOTOS = LIST_LIMITS['mien.v1.SubmitJobRequest.photos'].maximum;
/** A thousand photos with their names, persons and addresses. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

export const JOB_ENDPOINTS: readonly Endpoint[] = [
  endpoint('POST', '/v1/uploads', {
    rpc: JobServiceService.uploadPhoto,
    request: UploadPhotoRequest,
    response: UploadPhotoResponse,
    use: ({ jobs }) => jobs.uploadPhoto,
    example: { content: '/9j/4AAQSkZJRg==' },
    photos: { content: 1 },
    attach: (request, photos) => {
      request.content = photos.get('content')?.[0]?.bytes ?? request.content;
    },
  }),
  endpoint('POST', '/v1/jobs', {
    rpc: JobServiceService.submitJob,
    request: SubmitJobRequest,
    response: SubmitJobResponse,
    use: ({ jobs }) => jobs.submitJob,
    example: {
      photos: [{ name: 'monday', url: 'https://example.com/monday.jpg' }],
      detect: { features: { quality: true } },
      idempotencyKey: '2026-11-25/monday',
    },
    photos: { photos: MAX_PHOTOS },
    requestBytes: MAX_REQUEST_BYTES,
    mixesPhotos: true,
    attach: (request, photos) => attachPhotos(request, photos.get('photos') ?? []),
  }),
  endpoint('GET', '/v1/jobs', {
    rpc: JobServiceService.listJobs,
    request: ListJobsRequest,
    response: ListJobsResponse,
    use: ({ jobs }) => jobs.listJobs,
  }),
  endpoint('GET', '/v1/jobs/{id}', {
    rpc: JobServiceService.getJob,
    request: GetJobRequest,
    response: GetJobResponse,
    use: ({ jobs }) => jobs.getJob,
  }),
  endpoint('GET', '/v1/jobs/{id}/results', {
    rpc: JobServiceService.listJobResults,
    request: ListJobResultsRequest,
    response: ListJobResultsResponse,
    use: ({ jobs }) => jobs.listJobResults,
  }),
  endpoint('POST', '/v1/jobs/{id}/cancel', {
    rpc: JobServiceService.cancelJob,
    request: CancelJobRequest,
    response: CancelJobResponse,
    use: ({ jobs }) => jobs.cancelJob,
  }),
];

/** A file is the content of the photo of its name that has none in the request, or a further photo. */
function attachPhotos(request: SubmitJobRequest, files: readonly PhotoPart[]): void {
  const open = new Map(
    request.photos.flatMap((photo) =>
      photo.source === undefined && photo.name !== '' ? [[photo.name, photo] as const] : [],
    ),
  );
  for (const { name, bytes } of files) {
    const source = { $case: 'content', value: bytes } as const;
    const named = open.get(name);
    if (named === undefined) {
      request.photos.push(JobPhoto.fromPartial({ name, source }));
    } else {
      named.source = source;
      open.delete(name);
    }
  }
}
