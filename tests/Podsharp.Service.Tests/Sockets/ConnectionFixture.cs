using System.IO.Pipelines;
using System.Net.Sockets;
using Podsharp.Service.Sockets;

namespace Podsharp.Service.Tests.Sockets;

/// <summary>A client's socket and the service's connection with it.</summary>
[CancelAfter(60_000)]
public abstract class ConnectionFixture
{
    private protected Socket Client { get; private set; } = null!;

    private protected ClientConnection Connection { get; private set; } = null!;

    protected PipeReader Input => Connection.Transport.Input;

    [SetUp]
    public async Task Connect()
    {
        var path = Path.Join(Path.GetTempPath(), Path.GetRandomFileName());
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await Client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        Connection = new ClientConnection(await listener.AcceptAsync(), new UnixDomainSocketEndPoint(path));
        File.Delete(path);
    }

    [TearDown]
    public async Task Disconnect()
    {
        Client.Dispose();
        await Connection.DisposeAsync();
    }
}
