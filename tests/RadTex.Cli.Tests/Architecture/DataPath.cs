namespace RadTex.Cli.Tests.Architecture;

/// <summary>The files that something passes on its way through the product, in order.</summary>
/// <param name="Name">From what to what.</param>
/// <param name="Files">Below <c>src</c>, without their ending.</param>
internal sealed record DataPath(string Name, params IReadOnlyList<string> Files)
{
    /// <summary>
    /// What a reader follows from one end to the other to understand the product: docs/architecture.md prints it, the tests hold it.
    /// </summary>
    internal static IReadOnlyList<DataPath> All { get; } =
    [
        new("study → pixels", "RadTex/Studies/StudySource", "RadTex/Preparing/DatasetPreparation", "RadTex/Preparing/RadiographPreparer",
            "RadTex/Imaging/GreyImageReader", "RadTex/Preparing/PreparationWork", "RadTex/Preparing/PreparationOutput", "RadTex/Data/PreparedDataset",
            "RadTex.Learning/Pretraining/RadiographBatches", "RadTex/Imaging/Transforms/RadiographInput"),
        new("caption → loss", "RadTex/Text/ReportTokenizer", "RadTex.Learning/Pretraining/CaptionTokens",
            "RadTex.Learning/Pretraining/CaptioningTask", "RadTex.Learning/Models/CaptionBatch", "RadTex.Learning/Models/RadTexModel",
            "RadTex.Learning/Models/TextualHead", "RadTex.Learning/Models/CaptionDecoder", "RadTex.Learning/Models/DecoderLayer",
            "RadTex.Learning/Models/TokenCrossEntropy", "RadTex.Learning/Pretraining/CaptioningLoss"),
        new("gradient → weights", "RadTex.Learning/Training/BatchParts", "RadTex.Learning/Training/TrainingLoop",
            "RadTex.Learning/Distributed/ProcessGroup", "RadTex.Learning/Training/Optimizer", "RadTex.Learning/Training/ParameterGroup",
            "RadTex.Learning/Training/Lookahead", "RadTex.Learning/Training/Sgd"),
        new("label → table cell", "RadTex/Data/PreparedDataset", "RadTex/Heads/DatasetPool", "RadTex/Heads/LabelledPool",
            "RadTex.Learning/Transfer/TaskData", "RadTex.Learning/Transfer/HeadTrials", "RadTex/Heads/LogisticHead", "RadTex/Heads/TransferScores",
            "RadTex.Learning/Transfer/TransferSweep", "RadTex.Experiments/Sweeps/FrozenCells", "RadTex.Experiments/Sweeps/SweepRun",
            "RadTex.Experiments/Reproduction/PaperReproduction", "RadTex.Experiments/Reproduction/ReproductionFigures",
            "RadTex.Experiments/Reproduction/ReproductionFiles",
            "RadTex.Experiments/Reproduction/PaperTables"),
        new("DICOM → probability", "RadTex/Prediction/Predictions", "RadTex/Prediction/IRadiographModel", "RadTex/Data/InputPipeline",
            "RadTex/Imaging/GreyImageReader", "RadTex/Imaging/Dicom/DicomImage", "RadTex/Imaging/Dicom/DicomFile", "RadTex/Imaging/Dicom/DicomPixels",
            "RadTex/Imaging/Dicom/DicomGreyscale", "RadTex/Imaging/Transforms/RadiographInput", "RadTex/Gating/RadiographGate",
            "RadTex/Prediction/JudgedPicture", "RadTex/Prediction/OnnxRadiographModel", "RadTex/Prediction/Onnx/OnnxModel"),
    ];

    /// <summary>The table of docs/architecture.md.</summary>
    internal static IEnumerable<string> Table()
    {
        yield return "| path | files | which |";
        yield return "| --- | --- | --- |";
        foreach (var path in All)
            yield return $"| {path.Name} | {path.Files.Count} | {string.Join(" → ", path.Files.Select(f => $"[{Type(f)}](../src/{f}.cs)"))} |";
    }

    /// <summary>The type that a file holds.</summary>
    internal static string Type(string file) => file[(file.LastIndexOf('/') + 1)..];
}
