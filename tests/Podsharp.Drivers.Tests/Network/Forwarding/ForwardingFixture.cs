using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Podsharp.Drivers.Network.Forwarding;
using Podsharp.Linux;
using Podsharp.Linux.Namespaces;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Tests.Network.Forwarding;

/// <summary>A network namespace with an interface, as a container's, and a socket of the host whose traffic goes there.</summary>
[Category("Root")]
public abstract class ForwardingFixture
{
    protected const string Address = "10.231.9.2";
    protected const ushort Port = 4711;

    private string _directory = "";
    private NamespaceWorker _worker = null!;
    private Socket _listener = null!;
    private Task _forwarding = null!;

    protected string Namespace => Path.Join(_directory, "container");

    protected IPEndPoint Published => (IPEndPoint)_listener.LocalEndPoint!;

    [SetUp]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-forward-").FullName;
        await NetworkNamespace.CreateAsync(Namespace, new Dictionary<string, string>());
        await InsideAsync("link", "add", "eth0", "type", "bridge");
        await InsideAsync("addr", "add", Address + "/24", "dev", "eth0");
        await InsideAsync("link", "set", "eth0", "up");
        _worker = new NamespaceWorker(Namespace);
        _listener = Listener();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _forwarding = Forward(_listener, new ContainerSockets(_worker));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _listener.Dispose();
        await _forwarding;
        _worker.Dispose();
        await _worker.Ended;
        NetworkNamespace.Remove(Namespace);
        Directory.Delete(_directory);
    }

    protected async Task InsideAsync(params string[] words)
    {
        var result = await ProcessRunner.RunAsync(new BridgeNamespace(Namespace).Within(new Command(ExecutablePath.Find("ip")!, words)), CancellationToken.None);
        Assert.That(result.ExitCode, Is.Zero, result.ErrorText);
    }

    private protected abstract Task Forward(Socket listener, ContainerSockets container);

    protected abstract Socket Listener();
}
