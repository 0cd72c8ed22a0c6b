namespace RadTex.Cli.Tests.Architecture;

/// <summary>
/// Every room of the product and the rooms it may name: the rule that <see cref="RoomTests"/> holds and the table that docs/architecture.md prints.
/// </summary>
internal static class House
{
    private const string Core = "RadTex", Phantoms = "RadTex.Phantoms", Learning = "RadTex.Learning", Experiments = "RadTex.Experiments",
        Studio = "RadTex.Studio", Service = "RadTex.Service";

    internal static IReadOnlyList<Room> Rooms { get; } =
    [
        new(Core, "", "what every room needs: errors of users, numbers and text that are safe to print, seeded random numbers, progress"),
        new(
            Core, "Files",
            "the one way to open, to write and to name a file: regular files only, temporary name, flush, rename; safetensors' header; the chain of "
                + "codes over records that are only added to"),
        new(Core, "Studies",
        "a radiograph with patient, study, report and labels; one source a public archive (`Archives/`); CSV and Parquet (`Tables/`); patient splits",
        "Files"),
        new(
            Core, "Imaging", "JPEG, PNG, TIFF and [DICOM](dicom.md) into one polarity and range; from bytes to an encoder's input (`Transforms/`)",
            "Files"),
        new(Core, "Text", "report sections, BERT words, vocabulary, WordPiece and back, a labeller of findings", "Files", "Studies"),
        new(
            Core, "Metrics",
            "ROC, average precision, calibration, intervals and paired tests (`Intervals/`), metrics of text (`Captions/`), localisation"),
        new(Core, "Reporting", "one self-contained HTML page: tables, SVG charts, pictures; no scripts, no network", "Files"),
        new(Core, "Data", "the [prepared dataset](data-format.md): opening, verifying, reading in batches", "Files", "Studies", "Imaging", "Text"),
        new(Core, "Preparing", "an archive into a prepared dataset, resumed where it stopped", "Files", "Studies", "Imaging", "Text", "Data"),
        new(Core, "Inspection", "the look at a dataset: duplicates, leaks, what a model has seen", "Files", "Studies", "Text", "Data", "Reporting"),
        new(
            Core, "Gating", "which pictures a model is not to judge: header, polarity, laterals, distance from the training radiographs", "Files",
            "Studies", "Imaging", "Inspection"),
        new(
            Core, "Heads", "features in, head out: standardisation, logistic regression, calibration, operating point", "Files", "Studies", "Metrics",
            "Data", "Inspection", "Gating"),
        new(
            Core, "Selection",
            "which radiographs to label next: policies behind one interface, the reserve that figures are measured on, replays with known labels",
            "Metrics", "Reporting", "Data", "Heads"),
        new(
            Core, "Prediction",
            "pictures to probabilities on ONNX Runtime (`Onnx/`); [evaluation](evaluate.md) on labelled ones and recalibration (`Evaluation/`)",
            "Files", "Studies", "Imaging", "Metrics", "Reporting", "Data", "Inspection", "Gating", "Heads"),
        new(Phantoms, "", "synthetic radiographs with reports and known truth", "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Text"),
        new(Learning, "Native", "making torch loadable; processors and allocators as torch needs them", "RadTex/Files"),
        new(Learning, "Kernels",
            "what torch does in many passes over memory, done in one, on torch's own threads: loss, attention's weights, "
                + "batch norm with what follows it, dropout's masks from a key; only on the CPU, in float32 and bfloat16",
            "Native"),
        new(
            Learning, "Models",
            "tensors in, tensors out, no file: encoders (`Encoders/`), token embedding, decoders, the captioning model, beam search (`Decoding/`)",
            "Native", "Kernels"),
        new(
            Learning, "Checkpoints",
            "safetensors, cards and folders of models, loading by name and shape; [others' weights](weights.md), pickles "
                + "through a restricted reader (`Foreign/`)",
            "Native", "Models", "RadTex/Files", "RadTex/Imaging", "RadTex/Text", "RadTex/Data", "RadTex/Inspection", "RadTex/Gating",
            "RadTex/Prediction"),
        new(Learning, "Distributed", "the processes that train together, over the machine's MPI library, opened at run time", "Native"),
        new(
            Learning, "Training", "the one training loop, its tasks' base, samplers, optimisers, schedule, run folder, log; knows no dataset",
            "Kernels", "Models", "Checkpoints", "Distributed", "RadTex/Files"),
        new(
            Learning, "Pretraining",
            "an objective a file (captioning, masked words, contrastive, labels), in the registry `Objectives`; one configuration and program for "
                + "all; radiographs as batches",
            "Native", "Models", "Checkpoints", "Distributed", "Training", "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Text",
            "RadTex/Data", "RadTex/Inspection", "RadTex/Gating", "RadTex/Prediction"),
        new(Learning, "Transfer", "frozen features, the paper's head, fine-tuning; sweeps over labels, sizes and trials",
            "Native", "Models", "Checkpoints", "Training", "Pretraining", "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Metrics",
            "RadTex/Data", "RadTex/Inspection", "RadTex/Gating", "RadTex/Heads",
            "RadTex/Prediction"),
        new(Learning, "Export", "an encoder and heads, or a captioning model, as ONNX graphs; int8; exports compared with our own output",
            "Models", "Checkpoints", "Pretraining", "Transfer", "RadTex/Files", "RadTex/Imaging", "RadTex/Text", "RadTex/Metrics",
            "RadTex/Data", "RadTex/Inspection", "RadTex/Gating", "RadTex/Heads",
            "RadTex/Prediction"),
        new(Learning, "Reading", "radiographs into findings, what each word depends on, scores of both, the Figure 4 page",
            "Native", "Models", "Checkpoints", "Pretraining", "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Text", "RadTex/Metrics",
            "RadTex/Reporting", "RadTex/Data", "RadTex/Gating"),
        new(Learning, "ZeroShot", "[findings told without labels](zeroshot.md) from the texts of a pretraining; retrieval",
            "Native", "Models", "Checkpoints", "Pretraining", "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Text", "RadTex/Metrics",
            "RadTex/Reporting", "RadTex/Data", "RadTex/Inspection"),
        new(Learning, "SelfCheck", "golden cases rebuilt and compared, number by number", "Models", "Training", "Pretraining", "RadTex/Files"),
        new(Experiments, "Sweeps", "label-efficiency sweeps under a protocol, their page and files",
            "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Metrics", "RadTex/Reporting", "RadTex/Data", "RadTex/Inspection",
            "RadTex/Heads", "RadTex.Learning/Native", "RadTex.Learning/Models", "RadTex.Learning/Checkpoints", "RadTex.Learning/Pretraining",
            "RadTex.Learning/Transfer", "RadTex.Learning/ZeroShot", "RadTex/Prediction"),
        new(Experiments, "", "the quickstart",
            "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Metrics", "RadTex/Reporting", "RadTex/Data", "RadTex/Preparing",
            "RadTex/Heads", "RadTex.Phantoms/", "RadTex.Learning/Native", "RadTex.Learning/Models", "RadTex.Learning/Checkpoints",
            "RadTex.Learning/Training", "RadTex.Learning/Pretraining", "RadTex.Learning/Transfer", "RadTex.Learning/Reading"),
        new(Experiments, "Simulation", "[policies of labelling compared](simulate.md) on labels that are known",
            "RadTex/Files", "RadTex/Reporting", "RadTex/Data", "RadTex/Inspection", "RadTex/Heads", "RadTex/Selection", "RadTex/Prediction",
            "RadTex.Learning/Transfer"),
        new(Experiments, "Reproduction", "the [paper's experiments](reproduce.md): plan, pretrainings, tables, verdicts, page",
            "Sweeps", "RadTex.Experiments/", "RadTex/Files", "RadTex/Studies", "RadTex/Imaging", "RadTex/Text", "RadTex/Metrics", "RadTex/Reporting",
            "RadTex/Data", "RadTex/Inspection", "RadTex/Preparing", "RadTex/Heads", "RadTex/Prediction", "RadTex.Phantoms/",
            "RadTex.Learning/Native", "RadTex.Learning/Models", "RadTex.Learning/Checkpoints", "RadTex.Learning/Training",
            "RadTex.Learning/Pretraining", "RadTex.Learning/Transfer", "RadTex.Learning/ZeroShot"),
        new(Studio, "", "the [studio](studio.md) at work: dataset, project and encoder together", "Projects", "Labelling",
            "Pictures", "RadTex/Files", "RadTex/Data", "RadTex/Heads", "RadTex/Imaging", "RadTex/Prediction", "RadTex/Selection"),
        new(Studio, "Projects", "one SQLite file of events, each durable and tied to all before it", "RadTex/Files"),
        new(Studio, "Labelling", "what is asked next, what was answered, what may be said of it", "Projects", "RadTex/Metrics",
            "RadTex/Heads", "RadTex/Selection"),
        new(Studio, "Pictures", "radiographs as a reader sees them; their features, made behind", "RadTex/Files", "RadTex/Studies",
            "RadTex/Imaging", "RadTex/Data", "RadTex/Heads", "RadTex/Prediction"),
        new(Studio, "Exports", "labels, classifier and model card", "RadTex.Studio/", "Projects", "Labelling", "Pictures", "RadTex/Files",
            "RadTex/Imaging", "RadTex/Metrics",
            "RadTex/Data", "RadTex/Inspection", "RadTex/Heads", "RadTex/Selection", "RadTex/Prediction"),
        new(Studio, "Imports", "labels from tables and from Label Studio", "RadTex.Studio/", "Labelling", "RadTex/Files", "RadTex/Studies"),
        new(Studio, "Web", "the server on the loopback address, its guard, its pages (`Pages/`), the reading room's script (`Assets/`)",
            "RadTex.Studio/", "Projects", "Labelling", "Pictures", "Exports", "RadTex/Files", "RadTex/Imaging", "RadTex/Metrics",
            "RadTex/Reporting", "RadTex/Data",
            "RadTex/Selection", "RadTex/Prediction"),
        new(
            Service, "", "the [service](service.md) from its start to its drain", "Settings", "Spool", "Models", "Judging", "Sending", "Doors",
            "Watching",
            "Web"),
        new(Service, "Settings", "`serve.json`: its records, and the reader that tells all faults at once", "RadTex/Files"),
        new(Service, "Spool", "what is durable: files, the queue in SQLite or PostgreSQL, the chained audit", "Settings", "RadTex/Files"),
        new(Service, "Models", "the registry of models by hash, the rules that choose one, the models that are open", "Settings", "RadTex/Files",
            "RadTex/Data", "RadTex/Gating", "RadTex/Heads", "RadTex/Prediction"),
        new(
            Service, "Judging", "from what waits to answers, reports and maps; the second model in silence", "Settings", "Spool", "Models",
            "Watching",
            "RadTex/Files", "RadTex/Imaging", "RadTex/Data", "RadTex/Gating", "RadTex/Heads", "RadTex/Metrics", "RadTex/Prediction",
            "RadTex/Reporting"),
        new(Service, "Sending", "destinations, and the retries to them", "Settings", "Spool", "Watching", "RadTex/Files"),
        new(Service, "Doors", "the one way in, and the doors that are no HTTP: a folder, Orthanc's feed", "Settings", "Spool", "Judging", "Sending",
            "Watching", "RadTex/Files", "RadTex/Imaging"),
        new(Service, "Watching", "metrics, drift, the log's lines: nothing that was received is in them", "Spool"),
        new(
            Service, "Conformance", "the [conformance page](service-conformance.md), read from the code", "Settings", "Doors", "RadTex/Imaging",
            "RadTex/Gating"),
        new(
            Service, "Web", "the server, its guard, the HTTP doors, the page to try it (`Assets/`)", "Settings", "Spool", "Models", "Judging",
            "Doors",
            "Watching", "RadTex/Files", "RadTex/Prediction"),
    ];

    /// <summary>The table of docs/architecture.md.</summary>
    internal static IEnumerable<string> Table()
    {
        yield return "| room (`src/…`) | what lives there | names |";
        yield return "| --- | --- | --- |";
        foreach (var room in Rooms)
            yield return $"| `{(room.Name.Length == 0 ? room.Project : $"{room.Project}/{room.Name}")}` | {room.Purpose} | "
                + $"{string.Join(", ", room.Knows.Select(Named))} |";
    }

    private static string Named(string known) => known.EndsWith('/') ? known[..^1] : known
        .StartsWith("RadTex/", StringComparison.Ordinal) ? known["RadTex/".Length..] : known.Replace("RadTex.Learning/", "");
}
