using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;

namespace RadTex.Tests.Data;

/// <summary>What tests of preparing share: a temporary folder, miniature archives in it, and the call.</summary>
public abstract class PreparationTests : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected string Out => Folder.File("out");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected MimicCxrJpgSource Mimic() => new(Folder.File("jpg"));

    protected NihChestXray14Source Nih() => new(Folder.File("nih"));

    protected PreparationOptions Options(string? output = null) => new(output ?? Out, new StudyOptions(), ShortSide: 32);

    protected PreparationResult Prepare(
        StudySource source, PreparationOptions? options = null, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default) =>
        DatasetPreparation.Run(source, options ?? Options(), null, progress, cancellation);
}
