using RadTex.Data;
using RadTex.Phantoms;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studio.Labelling;
using RadTex.Studio.Web;

namespace RadTex.Studio.Tests.Web;

/// <summary>A studio over drawn pictures: every third has a bright square, which is the finding, and the encoder sees brightness.</summary>
internal sealed class SmallStudio : IAsyncDisposable
{
    internal const string Finding = "Edema";
    private const int Side = DrawnEncoder.Side;

    private readonly TemporaryFolder folder = new();
    private Dictionary<string, bool> truth = [];
    private IReadOnlyList<string> findings = [Finding];
    private Func<StudioOptions, StudioOptions> change = options => options;
    private ListenOptions listening = new();

    private SmallStudio() => DrawnEncoder.Write(EncoderPath);

    internal string DatasetPath => folder.File("dataset");

    internal string EncoderPath => folder.File("encoder.onnx");

    internal string ProjectPath => folder.File("labels.radtex");

    internal Workplace Work { get; private set; } = null!;

    internal StudioServer Server { get; private set; } = null!;

    internal string File(string name) => folder.File(name);

    /// <summary>Whether a picture has the finding.</summary>
    internal bool Truth(string picture) => truth[Work.RadiographOf(picture).ImageId];

    internal static async Task<SmallStudio> OpenAsync(
        CancellationToken cancellation, int count = 120, bool withEncoder = true, IReadOnlyList<string>? readers = null,
        IReadOnlyList<string>? findings = null, Func<StudioOptions, StudioOptions>? change = null,
        ListenOptions? listening = null)
    {
        var studio = new SmallStudio();
        studio.listening = listening ?? studio.listening;
        studio.change = change ?? studio.change;
        studio.truth = WriteDataset(studio.DatasetPath, count);
        studio.findings = findings ?? [Finding];
        await studio.StartAsync(withEncoder, readers ?? [], cancellation);
        return studio;
    }

    /// <summary>A studio over phantoms, with their files at hand: DICOM of so many bits, or JPEG.</summary>
    internal static async Task<SmallStudio> OpenPhantomsAsync(
        int count, IReadOnlyList<string> readers, CancellationToken cancellation, int dicomBits = 0)
    {
        var studio = new SmallStudio();
        var archive = studio.File("phantoms");
        _ = PhantomArchive.Write(new PhantomOptions(count, 3, 512, 0.3, DicomBits: dicomBits), archive, false, 0, null, cancellation);
        MimicSource source = dicomBits == 0 ? new MimicCxrJpgSource(archive) : new MimicCxrSource(archive);
        _ = DatasetPreparation.Run(source, new(studio.DatasetPath, new(Split: SplitRule.Hash), 256), cancellation: cancellation);
        using (var dataset = PreparedDataset.Open(studio.DatasetPath))
            foreach (var row in dataset.Radiographs) studio.truth[row.ImageId] = row.Labels[dataset.LabelIndex(Finding)] > 0;
        await studio.StartAsync(true, readers, cancellation);
        return studio;
    }

    /// <summary>Ends it, and begins again as the same command would.</summary>
    internal async Task RestartAsync(CancellationToken cancellation)
    {
        bool withEncoder = Work.Encoder is not null;
        var readers = Work.Options.Readers;
        await StopAsync();
        await StartAsync(withEncoder, readers, cancellation);
    }

    /// <summary>Answers pictures through the library, as the truth is, or of one picture in eight otherwise.</summary>
    internal void Label(int count, string reader = "reader-1", bool withErrors = false)
    {
        for (int i = 0; i < count; i++)
        {
            var next = Work.Session.Next(reader, Finding)!;
            bool isWrong = withErrors && next.Picture[1] is '3' or '7';
            Work.Session.Answer(reader, Finding, next.Picture, Answer.Of(Truth(next.Picture) != isWrong ? 1 : 0));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Dispose();
    }

    private async Task StartAsync(bool withEncoder, IReadOnlyList<string> readers, CancellationToken cancellation)
    {
        Work = Workplace.Open(change(new(DatasetPath, findings, ProjectPath)
        {
            Together = findings.Count > 1,
            Encoder = withEncoder ? EncoderPath : null,
            Readers = readers.Count > 0 ? readers : ["reader-1"],
            SharedShare = readers.Count > 1 ? 1 : 0,
        }));
        Work.StartFeatures();
        await Work.FeaturesAsync();
        Work.FeatureFault.ShouldBeNull();
        Server = await StudioServer.StartAsync(Work, listening, cancellation);
    }

    private async Task StopAsync()
    {
        await Server.DisposeAsync();
        Work.Dispose();
    }

    /// <summary>Writes drawn pictures; tells which have the finding, by image id.</summary>
    internal static Dictionary<string, bool> WriteDataset(string path, int count)
    {
        var truth = new Dictionary<string, bool>();
        var writer = new PreparedDatasetWriter([Finding], Side) { Synthetic = true };
        for (int i = 0; i < count; i++)
        {
            bool isThere = i % 3 == 0;
            var split = i % 4 == 3 ? Split.Test : Split.Train;
            truth[$"image{i}"] = isThere;
            writer.Add(
                new(
                    $"image{i}", $"patient{i / 2 * 8 + i % 4}", $"study{i}", i % 5 == 0 ? "AP" : "PA", split, $"Report of image {i}.",
                    [isThere ? 1 : 0]),
                Drawn(i, isThere),
                Side, Side);
        }
        writer.Write(path);
        return truth;
    }

    private static byte[] Drawn(int seed, bool isThere)
    {
        var random = new CounterRandom((ulong)seed, 77);
        var pixels = new byte[Side * Side];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(60 + random.Below(60));
        int left = 8 + random.Below(20), top = 8 + random.Below(20), strength = 30 + random.Below(60);
        if (isThere)
            for (int y = top; y < top + 16; y++)
                for (int x = left; x < left + 16; x++) pixels[y * Side + x] += (byte)strength;
        return pixels;
    }
}
