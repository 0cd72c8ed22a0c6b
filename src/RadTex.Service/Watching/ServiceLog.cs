using Microsoft.Extensions.Logging;

namespace RadTex.Service.Watching;

/// <summary>
/// Every line the service logs. No line takes a text that was received: numbers, states, fixed words, hashes and checked identifiers.
/// </summary>
internal static partial class ServiceLog
{
    [LoggerMessage(1, LogLevel.Information, "started: {Models} models, {Waiting} instances wait, listening at {Address}")]
    internal static partial void Started(ILogger log, int models, long waiting, string address);

    [LoggerMessage(2, LogLevel.Information, "draining: nothing more is taken")]
    internal static partial void Draining(ILogger log);

    [LoggerMessage(3, LogLevel.Information, "stopped: {Waiting} instances wait for the next start")]
    internal static partial void Stopped(ILogger log, long waiting);

    [LoggerMessage(10, LogLevel.Information, "received {Instance} by {Door}: {SopInstance}")]
    internal static partial void Received(ILogger log, long instance, string door, string sopInstance);

    [LoggerMessage(11, LogLevel.Warning, "refused by {Door}: {Reason} {SopInstance}")]
    internal static partial void Refused(ILogger log, string door, string reason, string sopInstance);

    [LoggerMessage(20, LogLevel.Information, "judged {Instance} by {Model}")]
    internal static partial void Judged(ILogger log, long instance, string model);

    [LoggerMessage(21, LogLevel.Information, "not judged {Instance}: {Rule}")]
    internal static partial void NotJudged(ILogger log, long instance, string rule);

    [LoggerMessage(23, LogLevel.Information, "{Model} is now {Sha256}")]
    internal static partial void ModelTaken(ILogger log, string model, string sha256);

    [LoggerMessage(24, LogLevel.Error, "a model was not taken up; the former one goes on")]
    internal static partial void ModelNotTaken(ILogger log, Exception e);

    [LoggerMessage(22, LogLevel.Error, "judging {Instance} failed, try {Attempt}")]
    internal static partial void JudgingFailed(ILogger log, Exception e, long instance, int attempt);

    [LoggerMessage(23, LogLevel.Information, "dry run: {Instance} is computed and kept, not sent")]
    internal static partial void DryRun(ILogger log, long instance);

    [LoggerMessage(30, LogLevel.Information, "sent {Uid} to {Destination}")]
    internal static partial void Sent(ILogger log, string uid, string destination);

    [LoggerMessage(31, LogLevel.Warning, "sending {Uid} to {Destination} failed ({Fault}), try {Attempt}; the next in {Seconds} s")]
    internal static partial void SendingFailed(ILogger log, string uid, string destination, string fault, int attempt, double seconds);

    [LoggerMessage(32, LogLevel.Error, "dead letter: {Uid} to {Destination} after {Attempt} tries ({Fault})")]
    internal static partial void DeadLetter(ILogger log, string uid, string destination, int attempt, string fault);

    [LoggerMessage(40, LogLevel.Warning, "the feed {Feed} cannot be read ({Fault}); again in {Seconds} s")]
    internal static partial void FeedFailed(ILogger log, string feed, string fault, double seconds);

    [LoggerMessage(41, LogLevel.Warning, "the feed {Feed} ends at {Last}, before position {Position}: it is read again from the start")]
    internal static partial void Rescan(ILogger log, string feed, long last, long position);

    [LoggerMessage(50, LogLevel.Warning, "denied with status {Status}")]
    internal static partial void Denied(ILogger log, int status);

    [LoggerMessage(51, LogLevel.Error, "a request failed by a fault of the program")]
    internal static partial void RequestFailed(ILogger log, Exception e);

    [LoggerMessage(60, LogLevel.Error, "{Part} failed; it goes on in {Seconds} s")]
    internal static partial void PartFailed(ILogger log, Exception e, string part, double seconds);
}
