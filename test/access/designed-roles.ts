/** The least role that may call a method. */
export type LeastRole = 'read' | 'enrol' | 'admin';

/**
 * Who may do what, as it was designed: written down apart from the gateway's own table, which is held to it. A method that
 * is missing here fails the walk.
 */
export const DESIGNED_ROLES: Readonly<Record<string, LeastRole>> = {
  ...all('FaceService', 'read', ['Detect', 'Compare', 'CheckLiveness']),
  ...all('ClusteringService', 'read', ['ClusterPhotos']),
  ...all('LibraryService', 'read', [
    'GetGroup',
    'ListGroups',
    'GetPerson',
    'ListPersons',
    'VerifyPerson',
    'Search',
  ]),
  ...all('LibraryService', 'enrol', [
    'CreateGroup',
    'UpdateGroup',
    'DeleteGroup',
    'CreatePerson',
    'UpdatePerson',
    'DeletePerson',
    'AddPersonToGroups',
    'RemovePersonFromGroup',
    'UpdateMembership',
    'AddFaces',
    'DeleteFaces',
  ]),
  ...all('LibraryJobService', 'read', [
    'EstimateDuplicateCheck',
    'GetDuplicateCheck',
    'ListDuplicateChecks',
    'ListDuplicatePairs',
    'ListDuplicateClusters',
  ]),
  ...all('LibraryJobService', 'enrol', ['StartDuplicateCheck', 'CancelDuplicateCheck']),
  ...all('LibraryJobService', 'admin', [
    'StartModelUpgrade',
    'GetModelUpgrade',
    'ListModelUpgrades',
    'CancelModelUpgrade',
    'RollBackModelUpgrade',
  ]),
  ...all('JobService', 'read', [
    'UploadPhoto',
    'SubmitJob',
    'GetJob',
    'ListJobs',
    'ListJobResults',
    'CancelJob',
    'WatchJob',
  ]),
  ...all('NotificationService', 'read', ['ListEndpoints', 'ListRules']),
  ...all('NotificationService', 'enrol', [
    'CreateEndpoint',
    'RotateEndpointSecret',
    'DeleteEndpoint',
    'CreateRule',
    'DeleteRule',
  ]),
  ...all('DeadLetterService', 'admin', ['ListDeadLetters', 'GetDeadLetter', 'RedriveDeadLetter']),
  ...all('KeyService', 'admin', ['CreateKey', 'GetKey', 'ListKeys', 'RotateKey', 'RevokeKey']),
  ...all('AuditService', 'admin', ['ListAuditRecords', 'ExportAuditRecords']),
};

function all(service: string, role: LeastRole, methods: readonly string[]): Record<string, LeastRole> {
  return Object.fromEntries(methods.map((method) => [`mien.v1.${service}/${method}`, role]));
}
