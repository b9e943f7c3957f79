import { type Case, refuses } from '../case';
import { blank, type World } from '../world';

export type Photo = { Image?: string; Url?: string };

/** What every action with one image refuses of it. */
export function refusesPhotos(
  action: string,
  ask: (world: World, photo: Photo) => Promise<unknown>,
  nobody = 'InvalidParameterValue.NoFaceInPhoto',
): Case[] {
  const image = (bytes: Buffer) => ({ Image: bytes.toString('base64') });
  return [
    refuses(action, 'InvalidParameterValue.ImageEmpty', 'no image', (world) => ask(world, {})),
    refuses(action, 'FailedOperation.ImageDecodeFailed', 'no base64', (world) => ask(world, { Image: '?!' })),
    refuses(action, 'FailedOperation.ImageDecodeFailed', 'a GIF', async (world) =>
      ask(world, image(await blank(100, 100, 'gif'))),
    ),
    refuses(action, 'InvalidParameterValue.UrlIllegal', 'a file', (world) =>
      ask(world, { Url: 'file:///etc/passwd' }),
    ),
    refuses(action, 'FailedOperation.ImageDownloadError', 'nothing there', (world) =>
      ask(world, { Url: world.missingUrl }),
    ),
    refuses(
      action,
      'FailedOperation.ImageSizeExceed',
      'more than 5 MB in base64',
      (world) => ask(world, { Image: 'A'.repeat(5 * 1024 * 1024 + 4) }),
      'limits',
    ),
    refuses(
      action,
      'FailedOperation.ImageResolutionExceed',
      'a PNG of 2001 pixels',
      async (world) => ask(world, image(await blank(2001, 100, 'png'))),
      'limits',
    ),
    refuses(
      action,
      'FailedOperation.ImageResolutionTooSmall',
      '63 pixels',
      async (world) => ask(world, image(await blank(63, 100))),
      'limits',
    ),
    refuses(action, nobody, 'nobody', (world) => ask(world, { Image: world.blank })),
  ];
}
