using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers.Writing;

internal static class InspectWriter
{
    public static InspectReply Write(ContainerInspection inspection, EngineChoices choices, ApiVersion version)
    {
        var container = inspection.Container.AsSeen();
        var words = CommandText.Words(container.Spec.Process);
        return new InspectReply
        {
            Id = container.Id.ToString(),
            Created = GoTime.Format(container.Created),
            Path = words.Count > 0 ? words[0] : "",
            Args = [.. words.Skip(1)],
            State = State(container.State, inspection.Health),
            Image = container.ImageId.ToString(),
            ResolvConfPath = inspection.Files.ResolvConf,
            HostnamePath = inspection.Files.Hostname,
            HostsPath = inspection.Files.Hosts,
            LogPath = inspection.Files.Log,
            Name = "/" + container.Name,
            RestartCount = container.State.RestartCount,
            Driver = "overlay",
            Platform = "linux",
            MountLabel = container.MountLabel,
            ProcessLabel = container.ProcessLabel,
            AppArmorProfile = container.Spec.Security.Options.FirstOrDefault(IsAppArmor)?["apparmor=".Length..] ?? container.State.AppArmorProfile,
            ExecIds = inspection.ExecSessions.Count > 0 ? [.. inspection.ExecSessions.Select(id => id.ToString())] : null,
            HostConfig = HostConfigWriter.Write(container, choices, version),
            GraphDriver = Layers(inspection.Files),
            SizeRw = inspection.Size?.ReadWrite,
            SizeRootFs = inspection.Size?.RootFs,
            Mounts = MountPointWriter.Write(container),
            Config = ConfigWriter.Write(container, version),
            NetworkSettings = Networks(container, version),
        };
    }

    private static StateReply State(ContainerState state, ContainerHealth? health) => new()
    {
        Status = StatusText.Word(state.Phase),
        Running = state.IsRunning,
        Paused = state.Phase == ContainerPhase.Paused,
        Restarting = state.Phase == ContainerPhase.Restarting,
        OomKilled = state.OomKilled,
        Dead = state.Phase == ContainerPhase.Dead,
        Pid = state.Pid,
        ExitCode = state.ExitCode,
        Error = state.Error,
        StartedAt = GoTime.Format(state.Started),
        FinishedAt = GoTime.Format(state.Finished),
        Health = health is null ? null : new HealthReply(StatusText.Word(health.Status), health.FailingStreak, [.. health.Log.Select(Probe)]),
    };

    private static ProbeReply Probe(ProbeResult probe) => new(GoTime.Format(probe.Start), GoTime.Format(probe.End), probe.ExitCode, probe.Output);

    private static DriverData Layers(ContainerFiles files) => new(
        new Dictionary<string, string>
        {
            ["LowerDir"] = files.LowerDirectories,
            ["MergedDir"] = files.MergedDirectory,
            ["UpperDir"] = files.UpperDirectory,
            ["WorkDir"] = files.WorkDirectory,
        },
        "overlay");

    private static NetworkSettings Networks(Container container, ApiVersion version)
    {
        var networks = EndpointWriter.Networks(container, version);
        var main = networks.TryGetValue(EndpointWriter.DefaultName, out var found) ? found : new EndpointSettings();
        var settings = new NetworkSettings
        {
            SandboxId = Path.GetFileName(container.State.NetworkNamespace),
            SandboxKey = container.State.NetworkNamespace,
            Ports = PortWriter.Map(container),
            Networks = networks,
        };
        return version.AtLeast(1, 52) ? settings : settings.WithDefaultNetwork(main);
    }

    private static bool IsAppArmor(string option) =>
        option.StartsWith("apparmor=", StringComparison.Ordinal) || option.StartsWith("apparmor:", StringComparison.Ordinal);
}
