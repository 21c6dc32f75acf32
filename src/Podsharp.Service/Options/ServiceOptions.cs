using System.Globalization;
using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Service.Options;

/// <summary>All that the configuration files and the command line say, in our words. README lists the keys that do not apply.</summary>
internal sealed record ServiceOptions
{
    public EngineOptions Engine { get; init; } = new();

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Name or path.</summary>
    public string Runtime { get; init; } = "crun";

    public IReadOnlyDictionary<string, IReadOnlyList<string>> RuntimePaths { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Empty: looked for.</summary>
    public string MonitorPath { get; init; } = "";

    /// <summary>Null: systemd where it runs.</summary>
    public bool? SystemdCgroups { get; init; }

    public int DnsPort { get; init; } = 53;

    /// <summary>What was set and has no effect, a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Further environment of the tools.</summary>
    public IReadOnlyList<string> ToolEnvironment { get; init; } = [];

    /// <summary>Reads the files that apply; InvalidInput lists every fault at once.</summary>
    public static ServiceOptions Read(CommandLine line, bool rootless)
    {
        var values = new Dictionary<string, object>();
        foreach (var file in ConfigurationPlaces.ContainersConf(rootless)) ConfigurationFile.ReadInto(values, file);
        var (storageFaults, notices) = StorageConfiguration.Read(ConfigurationPlaces.StorageConf(rootless));
        var faults = storageFaults.ToList();
        var options = From(new Settings(values, faults), line, rootless) with { Notices = notices };
        faults.AddRange(options.Validate());
        return faults.Count == 0
            ? options
            : throw EngineException.InvalidInput("the configuration is wrong:\n  " + string.Join("\n  ", faults));
    }

    /// <summary>Every fault; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Engine.StopTimeout < 0) yield return $"engine.stop_timeout: {Engine.StopTimeout} is less than 0";
        if (Engine.ShmSize < 0) yield return $"containers.shm_size: {Engine.ShmSize} is less than 0";
        if (!uint.TryParse(Engine.Umask, NumberStyles.None, CultureInfo.InvariantCulture, out _) || Engine.Umask.AsSpan().ContainsAnyExceptInRange('0', '7'))
            yield return $"containers.umask: \"{Engine.Umask}\" is no octal number";
        if (Engine.LogDriver is not ("k8s-file" or "json-file" or "journald" or "none" or "passthrough")) yield return $"containers.log_driver: \"{Engine.LogDriver}\" is not known";
        if (Engine.CgroupMode is not ("private" or "host")) yield return $"containers.cgroupns: want private or host, not \"{Engine.CgroupMode}\"";
        if (Engine.IpcMode is not ("shareable" or "private" or "host" or "none")) yield return $"containers.ipcns: want shareable, private, host or none, not \"{Engine.IpcMode}\"";
        if (Engine.TimeZone.Length > 0 && TimeZoneFile.PathOf(Engine.TimeZone) is null) yield return $"containers.tz: \"{Engine.TimeZone}\" is no time zone of this machine";
        if (DnsPort is < 0 or > 65535) yield return $"network.dns_bind_port: {DnsPort} is no port";
        if (Runtime.StartsWith('/') && !File.Exists(Runtime)) yield return $"runtime: {Runtime} does not exist";
    }

    private static ServiceOptions From(Settings settings, CommandLine line, bool rootless) => new()
    {
        Engine = EngineFrom(settings, rootless ? WithMappedGroups(new EngineOptions()) : new EngineOptions()),
        IdleTimeout = line.IdleTimeout ?? TimeSpan.FromSeconds(settings.Number("engine.service_timeout", 5)),
        Runtime = line.Runtime ?? settings.Text("engine.runtime", "crun"),
        RuntimePaths = settings.Lists("engine.runtimes"),
        MonitorPath = settings.List("engine.conmon_path", []).FirstOrDefault(File.Exists) ?? "",
        SystemdCgroups = settings.Text("engine.cgroup_manager", "") switch { "systemd" => true, "cgroupfs" => false, _ => null },
        DnsPort = (int)Math.Clamp(settings.Number("network.dns_bind_port", 53), -1, 65536),
        ToolEnvironment = settings.List("engine.env", []),
    };

    private static EngineOptions EngineFrom(Settings settings, EngineOptions defaults) => defaults with
    {
        DefaultCapabilities = [.. settings.List("containers.default_capabilities", defaults.DefaultCapabilities).Select(CapabilityName)],
        DefaultSysctls = SysctlsFrom(settings, defaults.DefaultSysctls),
        DefaultLimits = settings.List("containers.default_ulimits", "NAME=SOFT[:HARD]", defaults.DefaultLimits, LimitFrom),
        DefaultEnvironment = settings.List("containers.env", defaults.DefaultEnvironment),
        DefaultDevices = settings.List("containers.devices", "HOST[:CONTAINER[:rwm]]", defaults.DefaultDevices, DeviceFrom),
        DeviceDirectories = settings.List("engine.cdi_spec_dirs", defaults.DeviceDirectories),
        DnsServers = settings.List("containers.dns_servers", defaults.DnsServers),
        DnsSearches = settings.List("containers.dns_searches", defaults.DnsSearches),
        DnsOptions = settings.List("containers.dns_options", defaults.DnsOptions),
        PidsLimit = settings.Number("containers.pids_limit", defaults.PidsLimit),
        ShmSize = settings.Size("containers.shm_size", defaults.ShmSize),
        LogDriver = settings.Text("containers.log_driver", defaults.LogDriver),
        LogSizeMaximum = settings.Number("containers.log_size_max", defaults.LogSizeMaximum),
        SeccompProfile = settings.Text("containers.seccomp_profile", defaults.SeccompProfile),
        Umask = settings.Text("containers.umask", defaults.Umask),
        StopTimeout = (int)Math.Clamp(settings.Number("engine.stop_timeout", defaults.StopTimeout), int.MinValue, int.MaxValue),
        FirewallDriver = settings.Text("network.firewall_driver", defaults.FirewallDriver),
        Init = settings.Flag("containers.init", defaults.Init),
        InitPath = settings.Text("containers.init_path", defaults.InitPath),
        DetachKeys = settings.Text("engine.detach_keys", defaults.DetachKeys),
        CgroupMode = settings.Text("containers.cgroupns", defaults.CgroupMode),
        IpcMode = settings.Text("containers.ipcns", defaults.IpcMode),
        AppArmorProfile = settings.Text("containers.apparmor_profile", defaults.AppArmorProfile),
        Labels = settings.Flag("containers.label", defaults.Labels),
        NoHosts = settings.Flag("containers.no_hosts", defaults.NoHosts),
        TimeZone = settings.Text("containers.tz", defaults.TimeZone),
        Volumes = settings.List("containers.volumes", "SOURCE:TARGET[:OPTIONS]", defaults.Volumes, VolumeFrom),
        HostContainersInternalAddress = settings.Text("containers.host_containers_internal_ip", defaults.HostContainersInternalAddress),
    };

    private static string CapabilityName(string name) =>
        name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name.ToUpperInvariant() : "CAP_" + name.ToUpperInvariant();

    // Groups that are not mapped are none.
    private static EngineOptions WithMappedGroups(EngineOptions options) =>
        options with { DefaultSysctls = new Dictionary<string, string>(options.DefaultSysctls) { ["net.ipv4.ping_group_range"] = "0 0" } };

    // What a distribution's list leaves out is not meant to be taken from a client of docker's; an empty list is.
    private static Dictionary<string, string> SysctlsFrom(Settings settings, IReadOnlyDictionary<string, string> defaults)
    {
        var asked = Pairs(settings.List("containers.default_sysctls", [.. defaults.Select(static pair => $"{pair.Key}={pair.Value}")]));
        if (asked.Count == 0) return asked;
        foreach (var (name, value) in defaults) asked.TryAdd(name, value);
        return asked;
    }

    private static Dictionary<string, string> Pairs(IReadOnlyList<string> assignments)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var text in assignments)
        {
            var parts = text.Split('=', 2);
            pairs[parts[0].Trim()] = parts.Length > 1 ? parts[1].Trim() : "";
        }

        return pairs;
    }

    private static UserLimit? LimitFrom(string text)
    {
        if (text.Split('=', 2) is not [var name, var bounds]) return null;
        var parts = bounds.Split(':', 2);
        if (!TryBound(parts[0], out var soft)) return null;
        return TryBound(parts[^1], out var hard) ? new UserLimit(name.Trim().ToLowerInvariant(), soft, hard) : null;
    }

    private static bool TryBound(string text, out long bound)
    {
        if (text.Trim() is not ("unlimited" or "-1")) return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bound);
        bound = -1;
        return true;
    }

    private static MountRequest? VolumeFrom(string text)
    {
        try
        {
            return BindReader.Read(text);
        }
        catch (EngineException)
        {
            return null;
        }
    }

    private static DeviceMapping? DeviceFrom(string text) => text.Split(':') switch
    {
        [var host] when host.StartsWith('/') => new DeviceMapping(host, host, "rwm"),
        [var host, var second] when second.StartsWith('/') => new DeviceMapping(host, second, "rwm"),
        [var host, var permissions] => new DeviceMapping(host, host, permissions),
        [var host, var container, var permissions] => new DeviceMapping(host, container, permissions),
        _ => null,
    };
}
