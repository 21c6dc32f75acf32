using System.Collections.Concurrent;

namespace Podsharp.Registry.Tokens;

/// <summary>Tokens by what they are for. Those who want the same one at once wait for one request.</summary>
internal sealed class TokenCache
{
    private const int Most = 256;
    private readonly ConcurrentDictionary<TokenKey, Slot> _slots = [];

    /// <param name="refused">A token that the registry no longer takes.</param>
    public async ValueTask<Token> GetAsync(
        TokenKey key, string? refused, TimeProvider clock, Func<CancellationToken, Task<Token>> fetchAsync, CancellationToken cancellationToken)
    {
        // Scopes name repositories, of which there may be any number.
        if (_slots.Count > Most) _slots.Clear();
        var slot = _slots.GetOrAdd(key, static _ => new Slot());
        if (slot.Usable(refused, clock) is { } known) return known;
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            return slot.Usable(refused, clock) ?? (slot.Token = await fetchAsync(cancellationToken));
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    private sealed class Slot
    {
        // Never disposed: it has no wait handle as long as nobody asks for one.
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public volatile Token? Token;

        public Token? Usable(string? refused, TimeProvider clock) =>
            Token is { } token && token.Value != refused && clock.GetTimestamp() < token.UsableUntil ? token : null;
    }
}
