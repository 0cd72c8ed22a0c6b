namespace RadTex.Service.Spool;

/// <summary>What a line of the audit is of. Stored by name: a name is never given another meaning.</summary>
internal enum AuditKind
{
    Started,
    Stopped,
    Received,
    Duplicate,
    Refused,
    Denied,
    Judged,
    NotJudged,
    Sent,
    DryRun,
    Dead,
    Retried,
    Rescan,
    ModelTaken,
}
