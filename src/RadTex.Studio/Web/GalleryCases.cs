using System.Globalization;
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
        if (work.Session.Head(finding) is not { HeldOut: { } scores } head) return [];
        var at = ReserveScores.HeadRowsOf(head, work.Pool);
        int classes = work.Session.Settings.Classes;
        var (own, waiting) = work.Session
            .Read(b => (b.Of(reader, finding).ToDictionary(), b.Pending(reader, finding).Select(p => p.Picture).ToHashSet()));
        var shown = own.Where(l => l.Value.Current.Class is not null && !waiting.Contains(l.Key) && at.ContainsKey(l.Key))
            .Select(l => (Picture: l.Key, Label: l.Value.Current, HeadRow: at[l.Key]))
            .OrderBy(l => scores.Probabilities[l.HeadRow * classes + l.Label.Class!.Value]).Take(MostShown).ToArray();
        foreach (var (picture, _, _) in shown)
            if (!work.Session.Read(b => b.HasSeen(reader, picture))) work.Session.Open(reader, finding, picture, EventKind.MapOpened);
        return [.. shown.Select(l => (l.Picture, $"You: {AnswerText.Of(l.Label, classes)}. A model of other patients: {Said(l.HeadRow)}."))];

        string Said(int headRow)
        {
            var of = scores.Probabilities.AsSpan(headRow * classes, classes);
            if (classes == 2) return of[1].ToString("0.00", CultureInfo.InvariantCulture);
            int likeliest = 0;
            for (int c = 1; c < classes; c++)
                if (of[c] > of[likeliest]) likeliest = c;
            return string.Create(CultureInfo.InvariantCulture, $"grade {likeliest} ({of[likeliest]:0.00})");
        }
    }
}
