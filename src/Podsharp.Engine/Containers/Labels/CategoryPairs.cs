using System.Security.Cryptography;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers.Labels;

/// <summary>Pairs of categories (MCS), each in the hands of one container at a time: what keeps containers of one type apart.</summary>
/// <param name="next">A random number below its argument.</param>
internal sealed class CategoryPairs(Func<int, int> next)
{
    /// <summary>Categories c0 to c1023.</summary>
    private const int Categories = 1024;

    private const int Attempts = 100_000;

    /// <summary>Of those who are not kept apart from each other; no container gets it for itself.</summary>
    public const string Apart = "c1022,c1023";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _taken = [Apart];

    public CategoryPairs() : this(RandomNumberGenerator.GetInt32)
    {
    }

    /// <summary>A pair "c3,c700" that nobody has. It stays taken until it is disposed: by then the container's record must say who has it.</summary>
    /// <param name="levels">Of the containers that exist.</param>
    public Pair Take(IEnumerable<string> levels)
    {
        lock (_gate)
        {
            // Read under the lock: a record may have just come in the place of what was taken.
            var used = levels.Select(CategoriesOf).ToHashSet(StringComparer.Ordinal);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var (one, other) = (next(Categories), next(Categories));
                var text = $"c{Math.Min(one, other)},c{Math.Max(one, other)}";
                if (one != other && !used.Contains(text) && _taken.Add(text)) return new Pair(this, text);
            }
        }

        throw EngineException.Internal("there is no pair of SELinux categories left for another container");
    }

    private static string CategoriesOf(string level) => level[(level.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private void Release(string text)
    {
        lock (_gate) _taken.Remove(text);
    }

    public sealed class Pair(CategoryPairs owner, string text) : IDisposable
    {
        public string Text => text;

        public void Dispose() => owner.Release(text);
    }
}
