using RadTex.Gating;
using RadTex.Imaging;
using RadTex.Prediction;
using RadTex.Service.Models;

namespace RadTex.Service.Judging;

/// <summary>Files to answers, by the very path of <c>radtex predict</c>: its pipeline, its gate, its model.</summary>
internal static class Judge
{
    internal const string NoRule = "no_rule", Skipped = "skipped", Unreadable = "unreadable", UnsupportedSyntax = "unsupported",
        TooLarge = "too_large";

    /// <summary>Judges the files of a batch, in its order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="paths">Files of the spool.</param>
    /// <param name="sopInstances">Theirs; empty for pictures.</param>
    /// <param name="time">When, UTC.</param>
    /// <param name="took">Is told the seconds of reading and of the model.</param>
    internal static IReadOnlyList<Answer> Of(
        ServedModel model, IReadOnlyList<string> paths, IReadOnlyList<string> sopInstances, DateTimeOffset time,
        Action<string, TimeSpan>? took = null)
    {
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        using var batch = model.Pipeline.Files(paths);
        took?.Invoke("reading", System.Diagnostics.Stopwatch.GetElapsedTime(begin));
        begin = System.Diagnostics.Stopwatch.GetTimestamp();
        var judged = JudgedPicture.Of(model.Model, model.Gate, batch).ToDictionary(p => p.Name);
        took?.Invoke("model", System.Diagnostics.Stopwatch.GetElapsedTime(begin));
        var rejected = batch.Rejected.ToDictionary(r => r.Path, r => Refused(r.Fault, r.Reason));
        var outputs = model.Model.Notes.Outputs;
        return
        [
            .. paths.Select((path, i) =>
            {
                var answer = new Answer(sopInstances[i], time)
                {
                    Model = model.Name,
                    ModelSha256 = model.Sha256,
                    Runtime = model.Model.Runtime,
                    SyntheticEncoder = model.Model.Notes.Encoder.Synthetic,
                };
                if (rejected.TryGetValue(path, out var fault)) return answer with { NotJudged = fault.Rule, Reason = fault.Reason };
                var picture = judged[path];
                if (picture.Distance is { } distance && double.IsFinite(distance)) answer = answer with { Distance = distance };
                return picture.Probabilities is not { } values
                    ? answer with { NotJudged = picture.Refusal!.Rule.Name(), Reason = picture.Refusal.Reason }
                    : answer with
                    {
                        Findings = [.. outputs.Select((o, k) => new AnswerFinding(
                            o.Label, o.Outcome, values[k], o.Threshold?.Probability, o.DecisionAt(values[k])))],
                    };
            }),
        ];
    }

    /// <summary>The answer where the rules choose no model, or say to leave it alone.</summary>
    internal static Answer WithoutModel(string sopInstance, DateTimeOffset time, bool isSkipped = false) => new(sopInstance, time)
    {
        NotJudged = isSkipped ? Skipped : NoRule,
        Reason = isSkipped ? "a rule of the configuration leaves it alone" : "no rule of the configuration is for it",
    };

    // What a decoder says of damage may quote a path: it is told by its kind.
    private static (string Rule, string Reason) Refused(ImageFault? fault, string reason) =>
        RadiographGate.Of(fault, reason) is { } refusal ? (refusal.Rule.Name(), refusal.Reason) : fault switch
        {
            ImageFault.UnsupportedDicom => (UnsupportedSyntax, reason),
            ImageFault.UnsupportedFormat => (UnsupportedSyntax, "a format or a kind of pixels that is not read"),
            ImageFault.TooLarge => (TooLarge, "more pixels than are read"),
            _ => (Unreadable, "its pixels are damaged or cut off"),
        };
}
