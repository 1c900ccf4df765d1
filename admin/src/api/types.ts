/** The schemas of the API by name, generated from `openapi.yaml`. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Post = Schemas['Post'];
export type PostSummary = Schemas['PostSummary'];
export type PatchPost = Schemas['PatchPost'];
export type LivePost = Schemas['LivePost'];
export type CreatePost = Schemas['CreatePost'];
export type Autosave = Schemas['Autosave'];
export type PutAutosave = Schemas['PutAutosave'];
export type PostRevision = Schemas['PostRevision'];
export type RevisionRow = Schemas['RevisionRow'];
export type PostDiff = Schemas['PostDiff'];
export type StaleProblem = Schemas['StaleProblem'];
export type ConflictProblem = Schemas['ConflictProblem'];
export type Reference = Schemas['Reference'];
export type Batch = Schemas['Batch'];
export type BatchReport = Schemas['BatchReport'];
export type Category = Schemas['Category'];
export type Byline = Schemas['Byline'];
export type Image = Schemas['Image'];
export type ImageUsage = Schemas['ImageUsage'];
export type DirectUpload = Schemas['DirectUpload'];
export type Tag = Schemas['Tag'];
export type Me = Schemas['Me'];
export type Violation = Schemas['Violation'];
export type ProblemBody = Schemas['Problem'];
export type Operation = Schemas['Operation'];

export type Status = PostSummary['status'];

/** A page of a list. */
export interface Page<T> {
  items: T[];
  page: { next_cursor: string | null; has_next: boolean };
}

/** A rendered text. */
export interface RenderedText {
  html: string;
  references: Reference[];
}

export type User = Schemas['User'];
export type Invitation = Schemas['Invitation'];
export type ApiKey = Schemas['ApiKey'];
export type NewApiKey = Schemas['IssuedApiKey'];
export type SignInIssuer = Schemas['SignInIssuer'];
export type SecondFactor = Schemas['SecondFactor'];
export type PendingSecondFactor = Schemas['PendingSecondFactor'];
export type RecoveryCodeList = Schemas['RecoveryCodes'];
export type SessionView = Schemas['SessionView'];
export type AuditRecord = Schemas['AuditRecord'];
export type Redirect = Schemas['Redirect'];
export type UnknownAddress = Schemas['UnknownAddress'];
