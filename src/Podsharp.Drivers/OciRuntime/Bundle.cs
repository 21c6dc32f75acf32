using System.Text.Json;
using Podsharp.Core.Containers;
using Podsharp.Core.Storage;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>The directory of one start of a container; the layout is drawn at <see cref="StorePaths"/>.</summary>
internal sealed record Bundle(string Directory, ContainerId Id)
{
    public static Bundle Of(StorePaths paths, ContainerId id, int generation) => new(paths.Bundle(id, generation), id);

    public string Configuration => Path.Join(Directory, "config.json");

    public string PidFile => Path.Join(Directory, "pidfile");

    /// <summary>The monitor's pid and start time, with a space between.</summary>
    public string MonitorPidFile => Path.Join(Directory, "conmon.pid");

    /// <summary>proc_pid_cgroup(5) of the container's init before it could move itself.</summary>
    public string ControlGroupFile => Path.Join(Directory, "cgroup");

    public string RuntimeLog => Path.Join(Directory, "oci.log");

    public string ExitDirectory => Path.Join(Directory, "exits");

    public string ExitFile => Path.Join(ExitDirectory, Id.ToString());

    public string PersistDirectory => Path.Join(Directory, "persist");

    public string AttachSocket => Path.Join(Directory, "attach");

    public string ControlPipe => Path.Join(Directory, "ctl");

    /// <summary>The control group that the spec asks for; null when there is no readable spec, or it asks for none.</summary>
    public string? ControlGroupPath()
    {
        try
        {
            using var spec = JsonDocument.Parse(File.ReadAllBytes(Configuration));
            return spec.RootElement.GetProperty("linux").TryGetProperty("cgroupsPath", out var path) ? path.GetString() : null;
        }
        catch (Exception failure) when (failure is IOException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    // conmon for cgroup v1 has written it to its working directory, which is the bundle, in some versions.
    public bool RanOutOfMemory => File.Exists(Path.Join(PersistDirectory, "oom")) || File.Exists(Path.Join(Directory, "oom"));
}
