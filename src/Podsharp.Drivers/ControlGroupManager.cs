namespace Podsharp.Drivers;

/// <summary>Who makes the control groups of containers.</summary>
public enum ControlGroupManager
{
    /// <summary>The OCI runtime, in the file system of control groups.</summary>
    Files,

    /// <summary>systemd: the machine's, or the user's for a service of an ordinary user.</summary>
    Systemd,

    /// <summary>Nobody: containers stay in the control group of the service, and nothing can be limited.</summary>
    None,
}
