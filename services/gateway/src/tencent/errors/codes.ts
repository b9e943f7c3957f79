/**
 * Every error code that this endpoint answers with, and what it says in Chinese and in English. Clients branch on the
 * codes, spelled as Tencent Cloud spells them.
 */
export const CODES = {
  'AuthFailure.InvalidAuthorization': [
    '缺少签名信息，或签名信息格式错误',
    'The signature is missing or malformed',
  ],
  'AuthFailure.SecretIdNotFound': ['密钥不存在', 'There is no such SecretId'],
  'AuthFailure.SignatureExpire': [
    '签名已过期或已被使用：时间戳与服务器时间相差不得超过五分钟，每个签名只能使用一次',
    'The signature has expired or was used: the timestamp may be five minutes off, and each signature is taken once',
  ],
  'AuthFailure.SignatureFailure': ['签名验证失败', 'The signature is wrong'],
  'AuthFailure.UnauthorizedOperation': ['密钥无权进行此操作', 'The key may not do this'],
  FailedOperation: ['操作失败', 'The operation failed'],
  'FailedOperation.AcrossVersionsError': [
    '不同算法模型版本的人员库不能一起操作',
    'Groups of different model versions can not be used together',
  ],
  'FailedOperation.CheckDuplicatePersonTaskNotFinished': [
    '这些人员库的查重任务尚未完成',
    'A check over these groups has not finished',
  ],
  'FailedOperation.CheckSimilarPersonTimeExceed': [
    '预计查重时间超过限制',
    'The check would take longer than it may',
  ],
  'FailedOperation.CompareFail': ['比对失败，请重试', 'The comparison failed; try again'],
  'FailedOperation.ConflictOperation': [
    '操作冲突，请重试',
    'Somebody else changed the same thing; try again',
  ],
  'FailedOperation.CreateFaceConcurrent': [
    '同一人员正被其他请求修改，请重试',
    'Another request changes the same person; try again',
  ],
  'FailedOperation.DuplicatedGroupDescription': [
    '人员库自定义描述字段重复',
    'The group has a custom field of this name already',
  ],
  'FailedOperation.FaceQualityNotQualified': [
    '图片中人脸质量不符合要求',
    'The quality of the face is too low',
  ],
  'FailedOperation.FaceSizeTooSmall': ['图片中人脸尺寸过小', 'The face is too small'],
  'FailedOperation.GroupCannotUpgrade': ['人员库当前不能升级', 'The group can not be upgraded now'],
  'FailedOperation.GroupLostFaces': [
    '人员库中有人脸无法升级',
    'Faces of the group could not be brought to the other version',
  ],
  'FailedOperation.GroupPersonMapExist': ['人员已在人员库中', 'The person is in the group already'],
  'FailedOperation.GroupPersonMapNotExist': ['人员不在人员库中', 'The person is not in the group'],
  'FailedOperation.ImageDecodeFailed': ['图片解码失败', 'The image can not be decoded'],
  'FailedOperation.ImageDownloadError': ['图片下载失败', 'The image can not be downloaded'],
  'FailedOperation.ImageResolutionExceed': ['图片分辨率过大', 'The resolution of the image is too high'],
  'FailedOperation.ImageResolutionTooSmall': [
    '图片短边分辨率过小',
    'The shorter side of the image is too short',
  ],
  'FailedOperation.ImageSizeExceed': ['base64编码后的图片数据过大', 'The image has more than 5 MB in base64'],
  'FailedOperation.JobCannnotRollback': ['升级任务不能回滚', 'The upgrade can not be rolled back'],
  'FailedOperation.JobIdNotExist': ['任务ID不存在', 'There is no such job'],
  'FailedOperation.LifePhotoDetectFaces': ['图片中有多张人脸', 'The image shows several faces'],
  'FailedOperation.LifePhotoDetectNoFaces': ['图片中没有人脸', 'The image shows no face'],
  'FailedOperation.LifePhotoSizeError': ['图片中人脸尺寸过小', 'The face in the image is too small'],
  'FailedOperation.RequestLimitExceeded': [
    '服务繁忙，请稍后重试',
    'Too many requests are waiting; try again later',
  ],
  'FailedOperation.RequestTimeout': ['后端服务超时', 'The answer was not there in time'],
  'FailedOperation.RpcFail': ['后端服务暂不可用，请重试', 'A service can not be reached; try again'],
  'FailedOperation.SearchFacesExceed': [
    '搜索的人脸数超过限制',
    'The groups have too many faces for one search',
  ],
  'FailedOperation.ServerError': ['算法服务异常，请重试', 'A stage failed; try again'],
  'FailedOperation.UpgradeJobIdNotExist': ['升级任务ID不存在', 'There is no such upgrade'],
  InternalError: ['内部错误', 'Internal error'],
  'InvalidParameter.InvalidParameter': ['参数不合法', 'A parameter is not valid'],
  'InvalidParameterValue.AccountFaceNumExceed': ['账号人脸数量超过限制', 'The library holds no more faces'],
  'InvalidParameterValue.DeleteFaceNumExceed': ['人员至少保留一张人脸', 'One face of a person has to stay'],
  'InvalidParameterValue.FaceMatchThresholdIllegal': [
    'FaceMatchThreshold参数不合法',
    'FaceMatchThreshold is out of range',
  ],
  'InvalidParameterValue.FaceModelVersionIllegal': [
    '算法模型版本不合法',
    'There is no such model version here',
  ],
  'InvalidParameterValue.GroupExDescriptionsExceed': [
    '人员库自定义描述字段数量超过限制，最多5个',
    'A group has at most five custom fields',
  ],
  'InvalidParameterValue.GroupExDescriptionsNameIdentical': [
    '人员库自定义描述字段不能重复',
    'No two custom fields may have the same name',
  ],
  'InvalidParameterValue.GroupExDescriptionsNameIllegal': [
    '人员库自定义描述字段包含非法字符',
    'A custom field has a character that is not allowed',
  ],
  'InvalidParameterValue.GroupExDescriptionsNameTooLong': [
    '人员库自定义描述字段过长',
    'The name of a custom field is too long',
  ],
  'InvalidParameterValue.GroupFaceNumExceed': ['人员库人脸数量超过限制', 'The group holds no more faces'],
  'InvalidParameterValue.GroupIdAlreadyExist': ['人员库ID已存在', 'The GroupId is taken'],
  'InvalidParameterValue.GroupIdIllegal': [
    '人员库ID包含非法字符，只支持英文、数字、-%@#&_',
    'A GroupId is made of letters, digits and -%@#&_',
  ],
  'InvalidParameterValue.GroupIdNotExist': ['人员库ID不存在', 'There is no such group'],
  'InvalidParameterValue.GroupIdTooLong': ['人员库ID过长', 'A GroupId has at most 64 bytes'],
  'InvalidParameterValue.GroupIdsExceed': ['人员库数量超过限制', 'Too many groups'],
  'InvalidParameterValue.GroupNameAlreadyExist': ['人员库名称已存在', 'The GroupName is taken'],
  'InvalidParameterValue.GroupNameIllegal': [
    '人员库名称包含非法字符',
    'The GroupName has a character that is not allowed',
  ],
  'InvalidParameterValue.GroupNameTooLong': ['人员库名称过长', 'A GroupName has at most 60 characters'],
  'InvalidParameterValue.GroupNumExceed': ['人员库数量超过限制', 'The library holds no more groups'],
  'InvalidParameterValue.GroupNumPerPersonExceed': [
    '人员加入的人员库数量超过限制',
    'The person can be in no more groups',
  ],
  'InvalidParameterValue.GroupTagIllegal': [
    '人员库备注包含非法字符',
    'The Tag has a character that is not allowed',
  ],
  'InvalidParameterValue.GroupTagTooLong': ['人员库备注过长', 'A Tag has at most 40 characters'],
  'InvalidParameterValue.ImageEmpty': ['图片为空', 'No image was given'],
  'InvalidParameterValue.LimitExceed': ['返回数量超过限制', 'More was asked for than one answer holds'],
  'InvalidParameterValue.NoFaceInGroups': ['人员库中没有人脸', 'The groups have no faces'],
  'InvalidParameterValue.NoFaceInPhoto': ['图片中没有人脸', 'The image shows no face'],
  'InvalidParameterValue.OffsetExceed': ['起始序号过大', 'The offset is beyond the end of the list'],
  'InvalidParameterValue.PersonExDescriptionInfosExceed': [
    '人员描述字段数量超过限制',
    'There are more values than custom fields',
  ],
  'InvalidParameterValue.PersonExDescriptionsNameIdentical': [
    '人员描述字段重复',
    'A custom field was given twice',
  ],
  'InvalidParameterValue.PersonExDescriptionsNameIllegal': [
    '人员描述字段包含非法字符',
    'A value has a character that is not allowed',
  ],
  'InvalidParameterValue.PersonExDescriptionsNameTooLong': [
    '人员描述字段过长',
    'A value has at most 60 characters',
  ],
  'InvalidParameterValue.PersonFaceNumExceed': ['人员人脸数量超过限制', 'A person has at most five faces'],
  'InvalidParameterValue.PersonGenderIllegal': ['人员性别不合法', 'There is no such gender'],
  'InvalidParameterValue.PersonIdAlreadyExist': ['人员ID已存在', 'The PersonId is taken'],
  'InvalidParameterValue.PersonIdIllegal': [
    '人员ID包含非法字符，只支持英文、数字、-%@#&_',
    'A PersonId is made of letters, digits and -%@#&_',
  ],
  'InvalidParameterValue.PersonIdNotExist': ['人员ID不存在', 'There is no such person'],
  'InvalidParameterValue.PersonIdTooLong': ['人员ID过长', 'A PersonId has at most 64 bytes'],
  'InvalidParameterValue.PersonNameIllegal': [
    '人员名称包含非法字符',
    'The PersonName has a character that is not allowed',
  ],
  'InvalidParameterValue.PersonNameTooLong': ['人员名称过长', 'A PersonName has at most 60 characters'],
  'InvalidParameterValue.QualityControlIllegal': ['QualityControl参数不合法', 'QualityControl is 0 to 4'],
  'InvalidParameterValue.UniquePersonControlIllegal': [
    'UniquePersonControl参数不合法',
    'UniquePersonControl is out of range',
  ],
  'InvalidParameterValue.UploadFaceNumExceed': [
    '一次最多添加四张人脸图片',
    'At most four images can be added at once',
  ],
  'InvalidParameterValue.UrlIllegal': ['URL不合法', 'The URL is not one that images are fetched from'],
  LimitExceeded: ['超过配额限制', 'A limit was reached'],
  'LimitExceeded.ErrorFaceNumExceed': ['人脸个数超过限制', 'More faces were asked for than one answer holds'],
  'MissingParameter.ErrorParameterEmpty': ['必选参数为空', 'A required parameter is missing'],
  RequestLimitExceeded: ['请求频率超过限制', 'The key has used up its requests; try again later'],
  'UnsupportedOperation.UnknowMethod': ['未知的接口或版本', 'There is no such action or version'],
} as const satisfies Record<string, readonly [chinese: string, english: string]>;

export type Code = keyof typeof CODES;

export function isCode(text: string): text is Code {
  return Object.hasOwn(CODES, text);
}
