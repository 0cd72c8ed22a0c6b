using Parquet.Schema;
using RadTex.Files;
using RadTex.Learning.Transfer;

namespace RadTex.Experiments.Sweeps;

/// <summary><c>results.parquet</c>: a row a classifier, with the hash of all its figures follow from.</summary>
public static class ResultsTable
{
    private static readonly ParquetColumns<SweepRun> Columns = new ParquetColumns<SweepRun>()
        .Text(Text("protocol"), r => r.Protocol)
        .Text(Text("initialisation"), r => r.Initialisation)
        .Text(Text("task"), r => r.Task)
        .Text(Text("examples"), r => TransferFiles.Name(r.Examples))
        .Value(new("n"), r => r.Count)
        .Value(new("trial"), r => r.Trial)
        .Text(Text("head"), r => r.Head)
        .Value(new("batch"), r => r.Batch)
        .Optional(new("auc"), r => r.Scores.Auc)
        .Optional(new("auc_within_views"), r => r.Scores.AucWithinViews)
        .Optional(new("average_precision"), r => r.Scores.AveragePrecision)
        .Optional(new("f1"), r => r.Scores.F1)
        .Optional(new("accuracy"), r => r.Scores.Accuracy)
        .Optional(new("auc_one_vs_rest"), r => r.Scores.OneVsRestAuc)
        .Value(new("tested"), r => r.Test?.Classes.Length ?? 0)
        .Value(new("redraws"), r => r.Redraws)
        .Optional(new("pretraining_part"), r => r.Part)
        .Text(Text("recipe"), r => r.Recipe)
        .Text(Text("control"), r => r.Control)
        .Text(new("reason", true), r => r.Reason)
        .Text(Text("encoder_sha256"), r => r.EncoderSha256)
        .Text(Text("provenance_sha256"), r => r.Provenance);

    /// <summary>Writes the runs of one or more sweeps.</summary>
    public static void Write(string path, IReadOnlyList<SweepRun> runs) => AtomicFile.Write(path, stream => Columns.Write(stream, [runs]));

    private static DataField<string> Text(string name) => new(name, false);
}
