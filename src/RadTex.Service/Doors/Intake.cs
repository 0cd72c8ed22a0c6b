using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using RadTex.Files;
using RadTex.Imaging;
using RadTex.Imaging.Dicom;
using RadTex.Imaging.Dicom.Reports;
using RadTex.Service.Judging;
using RadTex.Service.Settings;
using RadTex.Service.Spool;
using RadTex.Service.Watching;

namespace RadTex.Service.Doors;

/// <summary>
/// The one way in, for every door: bounded on its way to the disk, looked at, flushed, renamed, and in the queue, before anyone is told that it was
/// taken.
/// </summary>
internal sealed class Intake(ServiceSpool spool, LimitSettings limits, Func<string, bool> isServed, ServiceMetrics metrics, ILogger log)
    : IDisposable
{
    private const int BufferBytes = 1 << 16;

    // What is looked at is whole in memory: so many at a time.
    private readonly SemaphoreSlim looking = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Whether nothing more is taken.</summary>
    internal bool IsDraining { get; set; }

    /// <summary>Is called when something new is in the queue.</summary>
    internal Action Received { get; set; } = () => { };

    /// <summary>Whether anything can be taken now.</summary>
    internal RefusalReason? Closed() => IsDraining ? RefusalReason.Draining
        : spool.Folder.FreeBytes < (long)limits.FreeMegabytes << 20 ? RefusalReason.DiskFull
        : spool.Queue.Count(InstanceState.Received) >= limits.Waiting ? RefusalReason.TooManyWait : null;

    /// <summary>Takes an instance or a picture.</summary>
    /// <param name="body">Its bytes, read to their end or to the limit.</param>
    /// <param name="by">How it came.</param>
    /// <param name="cancellation">Ends the taking; then nothing was taken.</param>
    internal async Task<Receipt> TakeAsync(Stream body, Arrival by, CancellationToken cancellation)
    {
        if (Closed() is { } closed) return Refuse(by, closed);
        if (by.Model.Length > 0 && !isServed(by.Model)) return Refuse(by, RefusalReason.UnknownModel);
        var incoming = spool.Folder.NewIncoming();
        try
        {
            if (!await WriteAsync(body, incoming, cancellation).ConfigureAwait(false)) return Refuse(by, RefusalReason.TooLarge);
            await looking.WaitAsync(cancellation).ConfigureAwait(false);
            try { return Keep(incoming, by); }
            finally { looking.Release(); }
        }
        catch (IOException e) when (AtomicFile.IsDiskFull(e)) { return Refuse(by, RefusalReason.DiskFull); }
        finally { File.Delete(incoming); }
    }

    public void Dispose() => looking.Dispose();

    private async Task<bool> WriteAsync(Stream body, string path, CancellationToken cancellation)
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            var buffer = new byte[BufferBytes];
            long total = 0;
            for (int read; (read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                if ((total += read) > limits.InstanceBytes) return false;
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
            file.Flush(flushToDisk: true);
            return true;
        }
    }

    private Receipt Keep(string incoming, Arrival by)
    {
        byte[] bytes = RegularFile.ReadAllBytes(incoming);
        var format = ImageFormats.Detect(bytes);
        if (format == ImageFormat.Unknown) return Refuse(by, RefusalReason.UnknownFormat);
        QueuedInstance found;
        (string, string) sop = ("", "");
        if (format == ImageFormat.Dicom)
        {
            DicomInstance instance;
            try { instance = DicomInstance.Parse(bytes); }
            catch (ImageFaultException e) { return Refuse(by, e.Fault == ImageFault.TooLarge ? RefusalReason.TooLarge : RefusalReason.Damaged); }
            var subject = instance.Subject;
            sop = (subject.SopClass, subject.SopInstance);
            if (spool.Queue.IsOwn(subject.SopInstance) || IsMadeByRadTex(instance)) return Refuse(by, RefusalReason.Own, sop);
            if (by.Study.Length > 0 && by.Study != subject.StudyUid) return Refuse(by, RefusalReason.OtherStudy, sop);
            found = new(0, subject.SopInstance, instance.ContentSha256, InstanceKind.Dicom, subject.SopInstance, "")
            {
                Study = subject.StudyUid,
                Header = InstanceHeader.Of(instance).ToJson(),
            };
        }
        else
        {
            var content = Convert.ToHexStringLower(SHA256.HashData(bytes));
            found = new(0, $"picture {content}", content, InstanceKind.Picture, "", "");
        }
        // Who asks for a model by name asks another question than the rules answer.
        var identity = by.Model.Length == 0 ? found.Identity : $"{found.Identity} by {by.Model}";
        found = found with
        {
            Identity = identity,
            Kind = by.Model.Length == 0 ? found.Kind : InstanceKind.Picture,
            Source = SpoolFolder.SourceName(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity))), found.Content),
            Door = by.Door,
            CalledAe = by.CalledAe,
            Model = by.Model,
        };
        return Queue(incoming, found, by, sop);
    }

    private Receipt Queue(string incoming, QueuedInstance found, Arrival by, (string, string) sop)
    {
        if (spool.Queue.Find(found.Identity) is { } there) return Again(there, found, by, sop);
        var (instance, isNew) = spool.Queue.Add(
            found, Line(AuditKind.Received, by, found, ""), () => spool.Folder.Keep(incoming, found.Source));
        if (!isNew) return Again(instance, found, by, sop);
        metrics.Received(by.Door);
        ServiceLog.Received(log, instance.Id, by.Door, instance.SopInstance);
        Received();
        return new(instance, null, true) { Sop = sop };
    }

    private Receipt Again(QueuedInstance there, QueuedInstance found, Arrival by, (string, string) sop)
    {
        if (there.Content != found.Content)
        {
            spool.Audit.Append(Line(AuditKind.Refused, by, found, RefusalReason.OtherContent.Name()));
            return Refuse(by, RefusalReason.OtherContent, sop, isAudited: true);
        }
        spool.Audit.Append(Line(AuditKind.Duplicate, by, there, ""));
        return new(there, null, false) { Sop = sop };
    }

    private Receipt Refuse(Arrival by, RefusalReason reason, (string Class, string Instance) sop = default, bool isAudited = false)
    {
        metrics.Refused(by.Door, reason.Name());
        if (reason != RefusalReason.Own) ServiceLog.Refused(log, by.Door, reason.Name(), sop.Instance ?? "");
        if (!isAudited && !reason.IsPassing() && reason != RefusalReason.Own)
            spool.Audit.Append(new(AuditKind.Refused) { Door = by.Door, Who = by.Who, SopInstance = sop.Instance ?? "", Note = reason.Name() });
        return new(null, reason, false) { Sop = (sop.Class ?? "", sop.Instance ?? "") };
    }

    // By its equipment too: the spool that knew its identifier may be another one.
    private static bool IsMadeByRadTex(DicomInstance instance) =>
        instance.Manufacturer == MeasurementReport.Maker && !Modalities.IsRadiography(instance.Modality);

    private static AuditEntry Line(AuditKind kind, Arrival by, QueuedInstance of, string note) => new(kind)
    {
        Door = by.Door,
        Who = by.Who,
        SopInstance = of.SopInstance,
        Study = of.Study,
        Note = note,
    };
}
