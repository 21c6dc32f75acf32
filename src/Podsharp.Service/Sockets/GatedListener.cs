using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Podsharp.Service.Sockets;

/// <summary>A listening socket, as the server's transport sees it.</summary>
internal sealed class ListeningEndPoint(Socket socket, string name) : EndPoint
{
    public Socket Socket => socket;

    public override AddressFamily AddressFamily => socket.AddressFamily;

    public override string ToString() => name;
}

/// <summary>
/// Accepts connections until the gate is shut, and then can still tell whether one waits: what is needed to exit for being idle
/// without dropping a client. The framework's own listener closes its socket to stop, and what waits there is lost.
/// </summary>
internal sealed class GatedListener(ListeningEndPoint endPoint, ConnectionCount count) : IConnectionListener
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _shut = new();
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _parked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _unbound;

    public EndPoint EndPoint => endPoint;

    public bool HasWaiting => endPoint.Socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Stops accepting; returns when no accept is under way any more, and what was accepted has been counted.</summary>
    public Task ShutAsync()
    {
        lock (_lock)
        {
            _shut.Cancel();
            return _unbound ? Task.CompletedTask : _parked.Task;
        }
    }

    public void Open()
    {
        lock (_lock)
        {
            _shut.Dispose();
            _shut = new CancellationTokenSource();
            _opened.TrySetResult();
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _parked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            CancellationToken shut;
            Task opened;
            TaskCompletionSource parked;
            lock (_lock)
            {
                if (_unbound) return null;
                (shut, opened, parked) = (_shut.Token, _opened.Task, _parked);
            }

            try
            {
                var accepted = await endPoint.Socket.AcceptAsync(shut);
                count.Enter();
                return new ClientConnection(accepted, endPoint);
            }
            catch (OperationCanceledException)
            {
                parked.TrySetResult();
                await opened.WaitAsync(cancellationToken);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException failure) when (failure.SocketErrorCode != SocketError.OperationAborted)
            {
                // Out of descriptors, or the client gave up while it waited: the next may fare better.
                await Task.Delay(20, cancellationToken);
            }
            catch (SocketException)
            {
                return null;
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            _unbound = true;
            _parked.TrySetResult();
            _shut.Cancel();
            _opened.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        endPoint.Socket.Dispose();
        _shut.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Makes the listeners for the sockets that this process has, and keeps them at hand.</summary>
internal sealed class GatedListeners(ConnectionCount count) : IConnectionListenerFactory
{
    private readonly List<GatedListener> _all = [];

    public bool AnyWaiting => _all.Any(listener => listener.HasWaiting);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var listener = new GatedListener((ListeningEndPoint)endpoint, count);
        _all.Add(listener);
        return ValueTask.FromResult<IConnectionListener>(listener);
    }

    public Task ShutAsync() => Task.WhenAll(_all.Select(listener => listener.ShutAsync()));

    public void Open() => _all.ForEach(listener => listener.Open());
}
