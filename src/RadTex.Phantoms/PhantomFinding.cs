namespace RadTex.Phantoms;

/// <summary>The nine findings of Pathology9, in its order.</summary>
public enum PhantomFinding
{
    Atelectasis,
    Cardiomegaly,
    Consolidation,
    Edema,
    LungOpacity,
    PleuralEffusion,
    Pneumonia,
    Pneumothorax,
    SupportDevices,
}
