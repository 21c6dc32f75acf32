using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Podsharp.Api.Hijack;

/// <summary>
/// A connection whose requests may take it over. Kestrel's own upgrade refuses requests with a body and drops all output after the
/// client's half-close, because it takes a FIN for the end of everything; so this stands between the transport and the HTTP layer
/// and passes "closed" on only when that is what it means.
/// </summary>
internal sealed class HijackableConnection : ConnectionContext, IHijackFeature
{
    private readonly ConnectionContext _inner;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly Lock _gate = new();
    private bool _transportClosed;
    private bool _plainRequest;

    public HijackableConnection(ConnectionContext inner)
    {
        _inner = inner;
        Transport = new DuplexPipe(new LateEndReader(inner.Transport.Input), inner.Transport.Output);
        ConnectionClosed = _closed.Token;
        inner.Features.Set<IHijackFeature>(this);
        _registration = inner.ConnectionClosed.UnsafeRegister(static state => ((HijackableConnection)state!).OnTransportClosed(), this);
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features => _inner.Features;

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override EndPoint? LocalEndPoint
    {
        get => _inner.LocalEndPoint;
        set => _inner.LocalEndPoint = value;
    }

    public override EndPoint? RemoteEndPoint
    {
        get => _inner.RemoteEndPoint;
        set => _inner.RemoteEndPoint = value;
    }

    public override CancellationToken ConnectionClosed { get; set; }

    public bool IsHijacked { get; private set; }

    public PipeReader Input => _inner.Transport.Input;

    public Socket Socket =>
        _inner.Features.Get<IConnectionSocketFeature>()?.Socket ?? throw new InvalidOperationException("This connection has no socket.");

    public void RequestStarted(bool mayHijack)
    {
        lock (_gate)
        {
            _plainRequest = !mayHijack;
            if (_plainRequest && _transportClosed) Close();
        }
    }

    public void RequestEnded()
    {
        lock (_gate)
        {
            _plainRequest = false;
        }
    }

    public void Hijack() => IsHijacked = true;

    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    public override void Abort() => _inner.Abort();

    public override async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    // Between requests and while it reads a request, the HTTP layer sees the end of input by itself.
    private void OnTransportClosed()
    {
        lock (_gate)
        {
            _transportClosed = true;
            if (_plainRequest) Close();
        }
    }

    // On the pool: callbacks of the HTTP layer must not run under the gate.
    private void Close() => _ = ThreadPool.UnsafeQueueUserWorkItem(
        static source =>
        {
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The connection was done with just now.
            }
        },
        _closed,
        preferLocal: false);

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
