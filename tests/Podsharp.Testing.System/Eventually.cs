using System.Diagnostics;

namespace Podsharp.Testing.System;

/// <summary>For what gives no event a test could await, like the kernel's tables.</summary>
public static class Eventually
{
    public static async Task<T> SettleAsync<T>(Func<Task<T>> look, Func<T, bool> settled, double seconds = 15)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (settled(seen) || clock.Elapsed.TotalSeconds > seconds) return seen;
            await Task.Delay(50);
        }
    }

    public static Task<T> SettleAsync<T>(Func<T> look, Func<T, bool> settled, double seconds = 15) =>
        SettleAsync(() => Task.FromResult(look()), settled, seconds);
}
