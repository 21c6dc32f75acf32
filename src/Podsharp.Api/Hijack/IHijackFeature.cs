using System.IO.Pipelines;
using System.Net.Sockets;

namespace Podsharp.Api.Hijack;

/// <summary>What a connection under <see cref="HijackableConnection"/> offers to its requests.</summary>
internal interface IHijackFeature
{
    bool IsHijacked { get; }

    /// <summary>Bytes from the client once hijacked.</summary>
    PipeReader Input { get; }

    Socket Socket { get; }

    /// <summary>A handler begins: for one that will hijack, the client's half-close is no reason to abort.</summary>
    void RequestStarted(bool mayHijack);

    void RequestEnded();

    /// <summary>From now on the HTTP layer's writes go nowhere.</summary>
    void Hijack();
}
