using RadTex.Files;
using RadTex.Heads;
using RadTex.Metrics;

namespace RadTex.Prediction.Evaluation;

/// <summary>A classifier on labelled radiographs that it did not see: what it is worth there. Nothing is chosen on them.</summary>
/// <param name="Model">The model's file or folder.</param>
/// <param name="ModelSha256">Of the exported file, or of the heads' weights.</param>
/// <param name="Runtime">What ran it.</param>
/// <param name="Quantisation">How it was quantised; null for float32.</param>
/// <param name="Encoder">The encoder's card.</param>
/// <param name="Data">The dataset's folder, or the table.</param>
/// <param name="DataHash">The dataset's hash, or the table's SHA-256.</param>
/// <param name="Synthetic">Whether the radiographs are drawn.</param>
/// <param name="Radiographs">Rows of the data.</param>
/// <param name="Prevalence">As it was asked for; null for the data's own.</param>
/// <param name="Seen">Whether the model saw any of it, in words.</param>
/// <param name="Notes">What a reader must know.</param>
/// <param name="Questions">In the order of the model's outputs.</param>
/// <param name="NotJudged">Why pictures and rows were left out, and how many.</param>
/// <param name="NotJudgedPictures">The first of them.</param>
public sealed record ModelEvaluation(
    string Model, string ModelSha256, string Runtime, string? Quantisation, EncoderCard Encoder, string Data, string DataHash, bool Synthetic,
        int Radiographs, double? Prevalence, string Seen,
    IReadOnlyList<string> Notes, IReadOnlyList<QuestionEvaluation> Questions, IReadOnlyDictionary<string, int> NotJudged,
    IReadOnlyList<string> NotJudgedPictures)
{
    /// <summary>The file of <see cref="Write"/>.</summary>
    public const string JsonName = "evaluation.json";

    private const int MostListed = 100, MostGroups = 20;

    /// <summary>Evaluates a model.</summary>
    /// <param name="model">Stays the caller's to dispose.</param>
    /// <param name="name">Its file or folder.</param>
    /// <param name="sha256">Of that.</param>
    /// <param name="data">Labelled radiographs; stays the caller's to dispose.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Counts pictures, then questions.</param>
    /// <param name="cancellation">Stops between batches and resamples.</param>
    /// <exception cref="UserErrorException">The model saw some of the data, no label fits, or no picture can be judged.</exception>
    public static ModelEvaluation Run(
        IRadiographModel model, string name, string sha256, LabelledPictures data, EvaluationOptions options,
            IProgress<ProgressReport>? progress = null, CancellationToken cancellation = default)
    {
        options.Validated();
        var notes = new List<string>(data.Notes);
        var questions = EvaluationQuestion.Of(model.Notes, data, options.Columns, notes.Add);
        var groups = SubgroupColumns.Of(data, options.GroupTable, options.GroupColumns);
        int[] rows = [.. questions.SelectMany(q => q.Labels.Rows).Distinct().Order()];
        if (rows.Length == 0) throw new UserErrorException(
            $"{data.Name} has no labelled radiograph for {string.Join(", ", questions.Select(q => q.Name))}: a blank is no negative.");
        if (data.Check(model) is { } note) notes.Add(note);
        // Patients are compared before hours are spent, pictures when they have been read.
        UnseenData.Require(model, name, data, rows, [], options.PatientsDiffer);
        var scored = ScoredPictures.Of(model, data, rows, options.BatchSize, options.JudgeAll, progress, cancellation);
        if (rows.All(r => scored.Probabilities[r] is null)) throw new UserErrorException(
            $"None of the {rows.Length:N0} labelled pictures can be judged; the first: {data.Radiographs[scored.LeftOut[0].Row].ImageId}: "
            + $"{scored.LeftOut[0].Reason}");
        var seen = UnseenData.Require(model, name, data, rows, scored.PictureHashes, options.PatientsDiffer);
        var patients = data.Radiographs.Select(r => r.PatientId).Distinct(StringComparer.Ordinal).Select((id, i) => (id, i)).ToDictionary(p =>
            p.id, p => p.i, StringComparer.Ordinal);
        int[] patientOf = [.. data.Radiographs.Select(r => patients[r.PatientId])];
        var evaluated = new List<QuestionEvaluation>();
        foreach (var question in questions)
        {
            progress?.Report(new("figures", evaluated.Count, questions.Count, "labels"));
            evaluated.Add(Evaluate(question, scored, patientOf, groups, options, cancellation));
        }
        progress?.Report(new("figures", questions.Count, questions.Count, "labels"));
        (string Picture, string Reason)[] leftOut = [.. data.LeftOut, .. scored.LeftOut.Select(l => (data.Radiographs[l.Row].ImageId, l.Reason))];
        return new(
            name, sha256, model.Runtime, model.Notes.Quantisation, model.Notes.Encoder, data.Name, data.Hash, data.Synthetic, data.Radiographs.Count,
                options.Prevalence, seen, notes, evaluated,
            leftOut.CountBy(l => l.Reason.Split(':')[0]).ToDictionary(c => c.Key, c => c.Value),
                [.. leftOut.Take(MostListed).Select(l => $"{l.Picture}: {l.Reason}")]);
    }

    /// <summary>The hash a model is known by.</summary>
    /// <param name="model">An exported file, or a folder with heads or networks of its own.</param>
    /// <param name="heads">The folder of heads on an encoder, which is then not looked at; null for none.</param>
    public static string HashOf(string model, string? heads)
    {
        var path = heads ?? model;
        if (!Directory.Exists(path)) return FileHash.Sha256(path);
        var weights = Path.Combine(path, TransferLayout.HeadWeights);
        return FileHash.Sha256(File.Exists(weights) ? weights : Path.Combine(path, TransferLayout.HeadList)); // that lists its networks' hashes
    }

    /// <summary>Writes <see cref="JsonName"/> into a folder.</summary>
    public void Write(string folder) =>
        JsonFile.Write(Path.Combine(folder, JsonName), this);

    private static QuestionEvaluation Evaluate(
        EvaluationQuestion question, ScoredPictures scored, int[] patientOf, IReadOnlyList<SubgroupColumn> groups, EvaluationOptions options,
            CancellationToken cancellation)
    {
        var labels = question.Labels;
        int[] judged = [.. Enumerable.Range(0, labels.Rows.Length).Where(i => scored.Probabilities[labels.Rows[i]] is not null)];
        bool Positive(int i) => labels.Classes[i] >= question.Cut;
        double Probability(int i) => question.Probability(scored.Probabilities[labels.Rows[i]]!);
        double? threshold = question.Output.Threshold?.Probability;
        BinaryEvaluation Figures(int[] places, int resamples) => BinaryEvaluation.Of(
            [.. places.Select(Probability)], [.. places.Select(Positive)], [.. places.Select(i => patientOf[labels.Rows[i]])],
            threshold is { } at ? new OperatingThreshold(at, options.Prevalence) : null, options.Seed, resamples, cancellation);
        var subgroups = groups.SelectMany(column =>
            judged.GroupBy(i => column.Values[labels.Rows[i]] ?? SubgroupColumn.NotKnown).OrderBy(g => g.Key, StringComparer.Ordinal).Take(MostGroups)
            .Select(g => new SubgroupEvaluation(column.Name, g.Key, Figures([.. g], 0))));
        double[] probabilities = [.. judged.Select(Probability)];
        bool[] positive = [.. judged.Select(Positive)];
        int[] left = new int[2];
        foreach (int i in Enumerable.Range(0, labels.Rows.Length).Except(judged)) left[Positive(i) ? 1 : 0]++;
        return new(
            question.Name, question.Head, question.Output.Examples, question.Label, question.Output.Threshold, question.Output.Recalibrations ?? [],
                Figures(judged, options.Resamples), labels.Uncertain, labels.Blank, left,
            [.. subgroups], CurvePoint.Thinned(
                [.. Roc.Curve(probabilities, positive).Select(p => new CurvePoint(p.FalsePositiveRate, p.TruePositiveRate))]),
            CurvePoint.Thinned([.. Metrics.PrecisionRecall.Curve(probabilities, positive).Skip(1).Select(p =>
                new CurvePoint(p.Recall, p.Precision))]));
    }
}
