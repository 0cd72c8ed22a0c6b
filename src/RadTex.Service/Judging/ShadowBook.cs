using RadTex.Metrics.Agreement;
using RadTex.Service.Spool;
using RadTex.Service.Watching;

namespace RadTex.Service.Judging;

/// <summary>What a second model says beside the first one, kept to be compared; it is never sent.</summary>
internal static class ShadowBook
{
    internal static void Compare(
        SpoolDatabase database, ServiceMetrics metrics, IReadOnlyList<QueuedInstance> batch, IReadOnlyList<Answer> answers,
        IReadOnlyList<Answer> others)
    {
        database.Write(_ =>
        {
            for (int i = 0; i < batch.Count; i++)
                foreach (
                    var (one, other) in answers[i].Findings
                        .Join(others[i].Findings, f => (f.Label, f.Outcome), f => (f.Label, f.Outcome), (a, b) => (a, b)))
                {
                    database.Execute(
                        "INSERT INTO shadow (instance, label, model, other, probability, other_probability, decision, other_decision) "
                        + "VALUES (@id, @label, @model, @other, @p, @q, @d, @e) ON CONFLICT (instance, label, other) DO UPDATE SET model = @model, "
                        + "probability = @p, other_probability = @q, decision = @d, other_decision = @e", ("@id", batch[i].Id),
                        ("@label", $"{one.Label}, {one.Outcome}"),
                        ("@model", answers[i].ModelSha256), ("@other", others[i].ModelSha256), ("@p", one.Probability), ("@q", other.Probability),
                        ("@d", one.Decision), ("@e", other.Decision));
                    if (one.Decision is not null && other.Decision is not null) metrics.Compared(one.Label, one.Decision == other.Decision);
                }
        });
    }

    /// <summary>Agreement of two models, finding by finding.</summary>
    internal static IReadOnlyList<ShadowAgreement> Agreements(SpoolDatabase database)
    {
        var rows = database.Rows("SELECT label, model, other, probability, other_probability, decision, other_decision FROM shadow",
            row => (Label: row.GetString(0), Model: row.GetString(1), Other: row.GetString(2), P: row.GetDouble(3), Q: row.GetDouble(4),
                D: row.IsDBNull(5) ? null : row.GetString(5), E: row.IsDBNull(6) ? null : row.GetString(6)));
        return
        [
            .. rows.GroupBy(r => (r.Label, r.Model, r.Other)).OrderBy(g => g.Key.Label, StringComparer.Ordinal).Select(g =>
            {
                var decided = g.Where(r => r.D is not null && r.E is not null).ToArray();
                int agree = decided.Count(r => r.D == r.E);
                return new ShadowAgreement(g.Key.Label, g.Key.Model, g.Key.Other, g.Count(), decided.Length, agree,
                    ReaderAgreement.CohenKappa(new(2, 2, [.. decided.SelectMany(r => (int?[])[Decision(r.D), Decision(r.E)])])),
                    g.Average(r => Math.Abs(r.P - r.Q)));
            }),
        ];
    }

    private static int Decision(string? decision) => decision == "positive" ? 1 : 0;
}
