using System.Net;
using System.Net.Sockets;
using Podsharp.Core.Host;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux.Files;

namespace Podsharp.Drivers.Host;

/// <summary>The machine, read from /proc, /sys and /etc.</summary>
public sealed class LinuxHost : IHost
{
    // Any address of another network: no packet is sent, only the route is looked up.
    private static readonly IPEndPoint Elsewhere = new(IPAddress.Parse("192.0.2.1"), 9);

    private readonly ContainerRuntime _runtime;
    private readonly ToolVersions _tools;
    private readonly Lazy<HostFacts> _facts;
    private readonly Lazy<Task<string>> _appArmor;
    private HostFacts? _current;

    public LinuxHost(DriverOptions options, ContainerRuntime runtime)
    {
        _runtime = runtime;
        _tools = new ToolVersions(options);
        _appArmor = new Lazy<Task<string>>(() => options.Rootless ? Task.FromResult("") : AppArmorProfile.LoadAsync(options.Paths));
        _facts = new Lazy<HostFacts>(() => FactReader.Read(options, _tools, runtime.DefaultRuntime));
    }

    public HostFacts Facts
    {
        get
        {
            var facts = _current ?? _facts.Value;
            // crun may have turned out not to run here.
            return facts.Runtime.Path == _runtime.DefaultRuntime
                ? facts
                : _current = facts with { Runtime = _tools.Of([_runtime.DefaultRuntime])[0] };
        }
    }

    public Task<string> DefaultAppArmorProfileAsync() => _appArmor.Value;

    public string ResolvConf() => ResolverFile.Read();

    public DeviceNode? Device(string path) => FileHandles.Status(path) switch
    {
        { Kind: FileKind.CharacterDevice } status => Node(path, 'c', status),
        { Kind: FileKind.BlockDevice } status => Node(path, 'b', status),
        _ => null,
    };

    public IReadOnlyList<DeviceNode> Devices(string directory)
    {
        var nodes = new List<DeviceNode>();
        if (!Directory.Exists(directory)) return nodes;
        foreach (var path in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            var information = new FileInfo(path);
            if (information.LinkTarget is not null) continue;
            if ((information.Attributes & FileAttributes.Directory) != 0)
            {
                // These are made anew in each container, or are none of its business.
                if (Path.GetFileName(path) is not ("pts" or "shm" or "fd" or "mqueue" or ".lxc" or ".lxd-mounts" or ".udev")) nodes.AddRange(Devices(path));
            }
            else if (Path.GetFileName(path) != "console" && Device(path) is { } node)
            {
                nodes.Add(node);
            }
        }

        return nodes;
    }

    public Task<(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows)> ProcessTableAsync(
        IReadOnlyList<int> pids, string psArguments, CancellationToken cancellationToken) =>
        ProcessTable.ReadAsync(pids, psArguments, cancellationToken);

    public HostVitals Vitals(string storeRoot) => VitalsReader.Read(storeRoot);

    public bool KnowsLabel(Core.Containers.SecurityLabel label) => LabelReader.IsKnown(label);

    public string? Address()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(Elsewhere);
            return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static DeviceNode Node(string path, char type, FileStatus status) =>
        new(path, type, status.DeviceMajor, status.DeviceMinor, status.UserId, status.GroupId, status.Mode);
}
