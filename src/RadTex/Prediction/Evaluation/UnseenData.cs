using RadTex.Inspection;

namespace RadTex.Prediction.Evaluation;

/// <summary>Refuses data that a model was pretrained, trained or recalibrated on.</summary>
internal static class UnseenData
{
    /// <summary>What was found, in words.</summary>
    /// <exception cref="UserErrorException">The model saw a patient or a picture.</exception>
    internal static string Require(
        IRadiographModel model, string name, LabelledPictures data, IReadOnlyList<int> rows, IReadOnlyList<ulong> pictures, bool patientsDiffer)
    {
        var seen = model.Notes.Seen;
        bool compares = data.HasPatients && !patientsDiffer;
        var overlap = seen.Overlap(compares ? data.Domain : null, [.. rows.Select(r => data.Radiographs[r].PatientId)], pictures);
        return SeenCheck.Require(name, seen, overlap, !compares);
    }
}
