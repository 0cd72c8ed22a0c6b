namespace RadTex.Inspection;

/// <summary>What of a test a model has seen.</summary>
/// <param name="Pictures">Test pictures it saw.</param>
/// <param name="Patients">Test patients it saw.</param>
/// <param name="TestPictures">All test pictures.</param>
/// <param name="TestPatients">All test patients.</param>
/// <param name="Purposes">What for, such as "pretraining".</param>
public sealed record SeenOverlap(int Pictures, int Patients, int TestPictures, int TestPatients, IReadOnlyList<string> Purposes)
{
    /// <summary>Whether the model saw neither a picture nor a patient of the test.</summary>
    public bool IsEmpty => Pictures == 0 && Patients == 0;
}
