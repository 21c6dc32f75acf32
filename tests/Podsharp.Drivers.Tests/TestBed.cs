using System.Diagnostics;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Oci;
using Podsharp.Core.Runtime;
using Podsharp.Core.Storage;
using Podsharp.Drivers.OciRuntime;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Tests;

/// <summary>A store in a temporary directory, a busybox root, and the real tools.</summary>
internal sealed class TestBed : IAsyncDisposable
{
    private static readonly string[] Applets = ["sh", "cat", "echo", "sleep", "true", "tty", "stty", "head", "dd", "mkdir", "chroot", "ls", "grep"];

    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-drivers-").FullName;
    private readonly List<ContainerId> _made = [];

    public TestBed(Func<DriverOptions, DriverOptions>? change = null)
    {
        Options = new DriverOptions { Paths = new StorePaths(Path.Join(_directory, "root"), Path.Join(_directory, "run")) };
        if (change is not null) Options = change(Options);
        Directory.CreateDirectory(Paths.RunRoot);
        Directory.CreateDirectory(Paths.Root);
        Runtime = new ContainerRuntime(Options);
        MakeRoot();
    }

    public StorePaths Paths => Options.Paths;

    public DriverOptions Options { get; }

    public ContainerRuntime Runtime { get; }

    public string RootFs => Path.Join(_directory, "rootfs");

    public CreateProcessRequest Request(params string[] arguments)
    {
        var id = ContainerId.New();
        return new CreateProcessRequest
        {
            Id = id,
            Name = "test",
            Generation = 1,
            LogDriver = "k8s-file",
            Spec = new RuntimeSpec
            {
                Process = Process(arguments),
                Root = new RuntimeRoot(RootFs, Readonly: false),
                Mounts =
                [
                    new RuntimeMount("/proc", "proc", "proc", []),
                    new RuntimeMount("/dev", "tmpfs", "tmpfs", []),
                    new RuntimeMount("/dev/pts", "devpts", "devpts", ["newinstance", "ptmxmode=0666", "mode=620"]),
                ],
                Linux = new LinuxSpec
                {
                    CgroupsPath = $"/podsharp-test/{id}",
                    Namespaces = [new LinuxNamespace("pid"), new LinuxNamespace("mount"), new LinuxNamespace("ipc"), new LinuxNamespace("uts")],
                },
            },
        };
    }

    public static RuntimeProcess Process(params string[] arguments) => new()
    {
        Args = arguments,
        User = new RuntimeUser(0, 0, null, null),
        Env = ["PATH=/bin"],
    };

    public async Task<Container> CreateAsync(CreateProcessRequest request)
    {
        _made.Add(request.Id);
        var created = await Runtime.CreateAsync(request, CancellationToken.None);
        return new Container
        {
            Id = request.Id,
            Name = request.Name,
            Created = DateTimeOffset.UnixEpoch,
            ImageId = Digest.Parse("sha256:" + new string('0', 64)),
            Spec = new ContainerSpec { Process = new ProcessSpec { Terminal = request.Terminal } },
            LogDriver = request.LogDriver,
            State = new ContainerState
            {
                Phase = ContainerPhase.Running,
                Generation = request.Generation,
                Pid = created.Pid,
                PidStartTime = created.StartTime,
                MonitorPid = created.MonitorPid,
            },
        };
    }

    public async Task<Container> StartAsync(CreateProcessRequest request)
    {
        var container = await CreateAsync(request);
        await Runtime.StartAsync(container.Id, CancellationToken.None);
        return container;
    }

    public string ExitFile(Container container) =>
        Path.Join(Paths.Bundle(container.Id, container.State.Generation), "exits", container.Id.ToString());

    /// <summary>The monitor writes it a little after the streams have ended.</summary>
    public async Task<string> ExitCodeAsync(Container container)
    {
        while (!File.Exists(ExitFile(container))) await Task.Delay(10, TestContext.CurrentContext.CancellationToken);
        return await File.ReadAllTextAsync(ExitFile(container));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in _made) await Runtime.DeleteAsync(id, CancellationToken.None);
        foreach (var hierarchy in Directory.GetDirectories("/sys/fs/cgroup"))
        {
            var group = Path.Join(hierarchy, "podsharp-test");
            if (Directory.Exists(group)) await ProcessRunner.RunAsync(new Command("/bin/rmdir", group), CancellationToken.None);
        }

        Directory.Delete(_directory, recursive: true);
    }

    public static async Task<(byte[] Output, byte[] Error)> ReadToEndAsync(IStdio stdio)
    {
        var output = new MemoryStream();
        var error = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await stdio.ReadAsync(buffer, CancellationToken.None) is { Count: > 0 } read)
        {
            (read.Stream == StdioStream.Output ? output : error).Write(buffer, 0, read.Count);
        }

        return (output.ToArray(), error.ToArray());
    }

    private void MakeRoot()
    {
        var bin = Path.Join(RootFs, "bin");
        Directory.CreateDirectory(bin);
        File.Copy("/bin/busybox", Path.Join(bin, "busybox"));
        foreach (var applet in Applets) File.CreateSymbolicLink(Path.Join(bin, applet), "busybox");
        foreach (var name in new[] { "proc", "dev", "tmp", "etc" }) Directory.CreateDirectory(Path.Join(RootFs, name));
        File.WriteAllText(Path.Join(RootFs, "etc", "plain"), "not a program");
    }
}
