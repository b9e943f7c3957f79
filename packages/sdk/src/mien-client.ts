import {
  CheckLivenessRequest,
  type CheckLivenessResponse,
  ClusteringServiceService,
  type ClusterPhotosResponse,
  CompareRequest,
  type CompareResponse,
  DetectRequest,
  type DetectResponse,
  type FaceFeatures,
  type FaceSelection,
  FaceServiceService,
  type MaskedComparison,
} from '@mien/proto';
import { type AlbumSource, albumRequests, type ClusterSettings } from './album';
import { MienAudit } from './audit';
import { Channel, type ClientOptions } from './channel';
import { MienDeadLetters } from './dead-letters';
import { MienJobs } from './jobs/mien-jobs';
import { MienKeys } from './keys';
import { MienLibrary } from './library/mien-library';
import { MienNotifications } from './notifications/mien-notifications';
import { type PhotoSource, toImage } from './photo';
import { given, type PhotoSettings } from './settings';

export interface DetectSettings extends PhotoSettings {
  /** What to compute for each face beyond its box. */
  readonly features?: Partial<FaceFeatures>;
}

export interface CompareSettings extends PhotoSettings {
  /** Which face of each photo counts; the largest unless given. */
  readonly selection?: FaceSelection;
  /** 0 no check .. 4 very high. */
  readonly qualityControl?: number;
  /** Whether only what a mask leaves free is compared: off unless given. */
  readonly masked?: MaskedComparison;
}

export interface LivenessSettings extends PhotoSettings {
  /** 0..100, in place of the model's own. */
  readonly threshold?: number;
  /** Where the photo comes from, a camera say: a face that is not live is told as an event. */
  readonly source?: string;
}

/**
 * Mien from Node. Every call rejects with a MienError, whose `reason` tells what is wrong, or with the reason of
 * the signal that gave it up.
 */
export class MienClient {
  /** Groups and persons: enrolled, verified, found. */
  readonly library: MienLibrary;
  /** Work that is handed over instead of waited for. */
  readonly jobs: MienJobs;
  /** Who is called when something happens. */
  readonly notifications: MienNotifications;
  /** Who may call. */
  readonly keys: MienKeys;
  /** Who did what. */
  readonly audit: MienAudit;
  /** What the platform gave up on. */
  readonly deadLetters: MienDeadLetters;
  private readonly channel: Channel;

  /** @param address of a gateway's gRPC port, such as `127.0.0.1:50051`; connects when first called */
  constructor(address: string, options: ClientOptions = {}) {
    this.channel = new Channel(address, options);
    this.library = new MienLibrary(this.channel);
    this.jobs = new MienJobs(this.channel);
    this.notifications = new MienNotifications(this.channel);
    this.keys = new MienKeys(this.channel);
    this.audit = new MienAudit(this.channel);
    this.deadLetters = new MienDeadLetters(this.channel);
  }

  /** Every face in a photo, largest first, with the features asked for. No face is an empty answer. */
  async detect(photo: PhotoSource, settings: DetectSettings = {}): Promise<DetectResponse> {
    const { detection, features, priority } = settings;
    const request = DetectRequest.fromPartial({
      image: await toImage(photo),
      ...given({ detection, features, priority }),
    });
    return this.channel.read(FaceServiceService.detect, request, settings);
  }

  /** Whether two photos show the same person. An error of one photo has `photo`, a or b, in its metadata. */
  async compare(
    photoA: PhotoSource,
    photoB: PhotoSource,
    settings: CompareSettings = {},
  ): Promise<CompareResponse> {
    const { detection, priority, selection, qualityControl, masked } = settings;
    const [imageA, imageB] = await Promise.all([toImage(photoA), toImage(photoB)]);
    const request = CompareRequest.fromPartial({
      imageA,
      imageB,
      ...given({ detection, priority, selection, qualityControl, masked }),
    });
    return this.channel.read(FaceServiceService.compare, request, settings);
  }

  /** Whether the largest face of a photo is a live person. */
  async checkLiveness(photo: PhotoSource, settings: LivenessSettings = {}): Promise<CheckLivenessResponse> {
    const { detection, priority, threshold, source } = settings;
    const request = CheckLivenessRequest.fromPartial({
      image: await toImage(photo),
      ...given({ detection, priority, threshold, source }),
    });
    return this.channel.read(FaceServiceService.checkLiveness, request, settings);
  }

  /**
   * Sorts the faces of up to 1,000 photos by person, largest clusters first. Photos are asked for as they are sent;
   * names are the caller's own, no two alike. A photo that can't be used is told of in the answer.
   */
  clusterPhotos(photos: AlbumSource, settings: ClusterSettings = {}): Promise<ClusterPhotosResponse> {
    const requests = albumRequests(photos, settings);
    return this.channel.stream(ClusteringServiceService.clusterPhotos, requests, settings);
  }

  /** Calls under way are finished; new ones fail. */
  close(): void {
    this.channel.close();
  }
}
