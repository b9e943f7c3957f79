export { type NotifierConfig, notifierConfigSchema } from './config';
export { type RunningNotifier, startNotifier } from './start-notifier';
