namespace RadTex.Phantoms;

/// <summary>The nine findings of Pathology9, in its order.</summary>
public enum PhantomFinding
{
    /// <summary>Bands across a lung's lower or middle zone, or a wedge of collapse at a base; also counts as <see cref="LungOpacity"/>.</summary>
    Atelectasis,

    /// <summary>A wide heart: a cardiothoracic ratio of 0.49 to 0.68. Its box is the heart's outline.</summary>
    Cardiomegaly,

    /// <summary>A dense opacity of one zone of a lung; also counts as <see cref="LungOpacity"/>.</summary>
    Consolidation,

    /// <summary>Pulmonary edema of both lungs, of severity 1 (wide vessels), 2 (septal lines) or 3 (airspaces about the hila).</summary>
    Edema,

    /// <summary>
    /// A hazy opacity of one zone, and, as in CheXpert's hierarchy, whatever else makes a lung opaque: atelectasis, consolidation, pneumonia, edema
    /// of severity 3.
    /// </summary>
    LungOpacity,

    /// <summary>Fluid at one base or both: a meniscus, or a veil over the lung of a patient who lies.</summary>
    PleuralEffusion,

    /// <summary>Patchy opacities of a zone of one lung or both; also counts as <see cref="LungOpacity"/>.</summary>
    Pneumonia,

    /// <summary>Air between one lung and the chest wall, with the line of the pleura.</summary>
    Pneumothorax,

    /// <summary>Tubes, lines, a pacemaker or sternal wires: one box a device.</summary>
    SupportDevices,
}
