namespace RadTex.Studies;

/// <summary>
/// An examination. Archives number studies over all their patients, tables of one's own often 1, 2, 3 within each, so that a study is known by both
/// ids and never by its own alone.
/// </summary>
/// <param name="PatientId">The patient.</param>
/// <param name="StudyId">The examination among that patient's.</param>
public readonly record struct StudyKey(string PatientId, string StudyId);
