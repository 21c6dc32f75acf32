using System.Net.Sockets;

namespace Podsharp.Testing.System;

/// <summary>A running engine, ours or a peer, with the clients that talk to it.</summary>
public abstract class EngineUnderTest : IAsyncDisposable
{
    protected EngineUnderTest(string socket)
    {
        Socket = socket;
        Docker = new DockerCommandLine(socket);
        Http = ConnectTo(socket);
    }

    /// <summary>A peer proves the tests themselves; what only Podsharp promises isn't asked of it.</summary>
    public abstract bool IsPeer { get; }

    public string Socket { get; }

    public DockerCommandLine Docker { get; }

    /// <summary>Bare HTTP over the socket; each address below http://engine/.</summary>
    public HttpClient Http { get; }

    /// <summary>A program in the network namespace where the engine publishes its ports.</summary>
    public abstract Command OnHost(string program, params IReadOnlyList<string> arguments);

    public async Task LoadImageAsync()
    {
        await using var archive = File.OpenRead(await BusyboxImage.ArchiveAsync());
        await (Docker.Command("load", "-q") with { Input = stream => archive.CopyToAsync(stream) }).OutputAsync();
    }

    public static HttpClient ConnectTo(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
        UseProxy = false,
        AllowAutoRedirect = false,
    })
    {
        BaseAddress = new Uri("http://engine/"),
        Timeout = TimeSpan.FromSeconds(60),
    };

    public virtual ValueTask DisposeAsync()
    {
        Http.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>An engine somebody else runs, named by PODSHARP_TEST_SOCKET.</summary>
public sealed class PeerEngine(string socket) : EngineUnderTest(socket)
{
    public static string? ConfiguredSocket => Environment.GetEnvironmentVariable("PODSHARP_TEST_SOCKET") is { Length: > 0 } socket ? socket : null;

    public override bool IsPeer => true;

    public override Command OnHost(string program, params IReadOnlyList<string> arguments) => new(program, arguments);
}
