namespace RadTex.Learning.Testing;

/// <summary>Asks a training to stop once it has seen so many images.</summary>
internal sealed class StopAt(CancellationTokenSource stop, long images) : IProgress<ProgressReport>
{
    public void Report(ProgressReport value)
    {
        if (value.Unit == "images" && value.Done >= images) stop.Cancel();
    }
}
