using Parquet;
using Parquet.Schema;
using RadTex.Files;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary><c>results.parquet</c>: a row a classifier, with the hash of all its figures follow from.</summary>
public static class ResultsTable
{
    private static readonly DataField<string> Protocol = Text("protocol"), Initialisation = Text("initialisation"), Task = Text("task"),
        Examples = Text("examples"), Head = Text("head"),
        Recipe = Text("recipe"), Control = Text("control"), Encoder = Text("encoder_sha256"), Provenance = Text("provenance_sha256"),
        Reason = new("reason", true);
    private static readonly DataField<int> Count = new("n"), Trial = new("trial"), Batch = new("batch"), Redraws = new("redraws"),
        Tested = new("tested");
    private static readonly DataField<double?> Auc = new("auc"), AveragePrecision = new("average_precision"), F1 = new("f1"),
        WithinViews = new("auc_within_views"), Accuracy = new("accuracy"), OneVsRest = new("auc_one_vs_rest"), Part = new("pretraining_part");

    /// <summary>Writes the runs of one or more sweeps.</summary>
    public static void Write(string path, IReadOnlyList<SweepRun> runs) =>
        AtomicFile.Write(path, stream => WriteAsync(stream, runs).GetAwaiter().GetResult());

    private static async Task WriteAsync(Stream stream, IReadOnlyList<SweepRun> runs)
    {
        var schema = new ParquetSchema(
            Protocol, Initialisation, Task, Examples, Count, Trial, Head, Batch, Auc, WithinViews, AveragePrecision, F1, Accuracy, OneVsRest, Tested,
            Redraws, Part, Recipe, Control, Reason, Encoder, Provenance);
        var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd })
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            using var group = writer.CreateRowGroup();
            T[] Each<T>(Func<SweepRun, T> value) => [.. runs.Select(value)];
            await group.WriteAsync(Protocol, Each(r => r.Protocol)).ConfigureAwait(false);
            await group.WriteAsync(Initialisation, Each(r => r.Initialisation)).ConfigureAwait(false);
            await group.WriteAsync(Task, Each(r => r.Task)).ConfigureAwait(false);
            await group.WriteAsync(Examples, Each(r => TransferFiles.Name(r.Examples))).ConfigureAwait(false);
            await group.WriteAsync<int>(Count, Each(r => r.Count)).ConfigureAwait(false);
            await group.WriteAsync<int>(Trial, Each(r => r.Trial)).ConfigureAwait(false);
            await group.WriteAsync(Head, Each(r => r.Head)).ConfigureAwait(false);
            await group.WriteAsync<int>(Batch, Each(r => r.Batch)).ConfigureAwait(false);
            await group.WriteAsync<double>(Auc, Each(r => r.Scores.Auc)).ConfigureAwait(false);
            await group.WriteAsync<double>(WithinViews, Each(r => r.Scores.AucWithinViews)).ConfigureAwait(false);
            await group.WriteAsync<double>(AveragePrecision, Each(r => r.Scores.AveragePrecision)).ConfigureAwait(false);
            await group.WriteAsync<double>(F1, Each(r => r.Scores.F1)).ConfigureAwait(false);
            await group.WriteAsync<double>(Accuracy, Each(r => r.Scores.Accuracy)).ConfigureAwait(false);
            await group.WriteAsync<double>(OneVsRest, Each(r => r.Scores.OneVsRestAuc)).ConfigureAwait(false);
            await group.WriteAsync<int>(Tested, Each(r => r.Test?.Classes.Length ?? 0)).ConfigureAwait(false);
            await group.WriteAsync<int>(Redraws, Each(r => r.Redraws)).ConfigureAwait(false);
            await group.WriteAsync<double>(Part, Each(r => r.Part)).ConfigureAwait(false);
            await group.WriteAsync(Recipe, Each(r => r.Recipe)).ConfigureAwait(false);
            await group.WriteAsync(Control, Each(r => r.Control)).ConfigureAwait(false);
            await group.WriteAsync(Reason, Each(r => r.Reason!)).ConfigureAwait(false);
            await group.WriteAsync(Encoder, Each(r => r.EncoderSha256)).ConfigureAwait(false);
            await group.WriteAsync(Provenance, Each(r => r.Provenance)).ConfigureAwait(false);
        }
    }

    private static DataField<string> Text(string name) => new(name, false);
}
