using RadTex.Studio.Labelling;
using RadTex.Studio.Projects;

namespace RadTex.Studio.Web;

/// <summary>The answered pictures that most contradict a model of other patients, for the reader who gave the answers.</summary>
internal static class GalleryCases
{
    private const int MostShown = 24;

    /// <summary>Each shown picture is noted as seen with the model, once.</summary>
    internal static IReadOnlyList<(string Picture, string Text)> Of(Workplace work, string reader, string finding)
    {
        if (work.Session.Head(finding) is not { HeldOutLogits: { } logits } head) return [];
        var probability = head.Rows.Select((row, i) => (Picture: work.Pool.Hashes[row], Probability: 1 / (1 + Math.Exp(-logits[i])))).ToDictionary();
        var (own, waiting) = work.Session
            .Read(b => (b.Of(reader, finding).ToDictionary(), b.Pending(reader, finding).Select(p => p.Picture).ToHashSet()));
        var shown = own.Where(l => l.Value.Current.Class is not null && !waiting.Contains(l.Key) && probability.ContainsKey(l.Key))
            .Select(l => (Picture: l.Key, Label: l.Value.Current, Of: probability[l.Key]))
            .OrderByDescending(l => l.Label.Class > 0 ? 1 - l.Of : l.Of).Take(MostShown).ToArray();
        foreach (var (picture, _, _) in shown)
            if (!work.Session.Read(b => b.HasSeen(reader, picture))) work.Session.Open(reader, finding, picture, EventKind.MapOpened);
        return [.. shown.Select(l => (l.Picture, string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"You: {AnswerText.Of(l.Label, work.Session.Settings.Classes)}. A model of other patients: {l.Of:0.00}.")))];
    }
}
