namespace RadTex.Learning.Training;

/// <summary>An update's batch, and the data of those of its parts that this process works on.</summary>
internal sealed record PreparedBatch<TPart>(IReadOnlyList<int> Radiographs, IReadOnlyList<(PartOfBatch Part, TPart Data)> Parts) : IDisposable
    where TPart : class, IDisposable
{
    public void Dispose()
    {
        foreach (var (_, data) in Parts) data.Dispose();
    }
}
