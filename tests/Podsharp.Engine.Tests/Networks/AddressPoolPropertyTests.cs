using System.Net;
using CsCheck;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Networks;

/// <summary>Whatever is taken and released in whatever order, on small subnets that run full.</summary>
public sealed class AddressPoolPropertyTests
{
    private static readonly Network Net = new() { Id = "n1", Name = "net1", Driver = "bridge", Created = Samples.Time };

    // Prefix length, the gateway's and a reserved address's place in the subnet, then steps: 0 to 99 takes any, to 149 takes one by number, above releases.
    private static readonly Gen<(int Length, int Gateway, int Reserved, int[] Steps)> Cases =
        Gen.Select(Gen.Int[26, 29], Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[0, 255].Array[0, 120], (length, gateway, reserved, steps) => (length, gateway, reserved, steps));

    [Test]
    public void No_address_is_ever_two_owners_or_an_edge_or_the_gateway_or_reserved() => Cases.Sample(run =>
    {
        var subnet = new Subnet($"10.9.0.0/{run.Length}", $"10.9.0.{run.Gateway}", "") { Reserved = new Dictionary<string, string> { ["x"] = $"10.9.0.{run.Reserved}" } };
        var size = 1 << (32 - run.Length);
        var never = new HashSet<int> { 0, size - 1, run.Gateway, run.Reserved };
        var pool = new AddressPool();
        var held = new List<(ContainerId Owner, int Number)>();
        foreach (var step in run.Steps)
        {
            if (step >= 150 && held.Count > 0)
            {
                var (owner, _) = held[step % held.Count];
                pool.Release(owner);
                held.RemoveAll(one => one.Owner == owner);
                continue;
            }

            var wanted = step is >= 100 and < 150 ? $"10.9.0.{step % size}" : "";
            var taker = ContainerId.New();
            try
            {
                var number = (int)IPNetwork.Parse(pool.Take(Net, subnet, wanted, taker).Split('/')[0] + "/32").BaseAddress.GetAddressBytes()[3];
                if (never.Contains(number) || held.Exists(one => one.Number == number)) return false;
                held.Add((taker, number));
            }
            catch (EngineException exception) when (exception.Kind == ErrorKind.Exhausted)
            {
                if (held.Count != size - never.Count) return false;
            }
            catch (EngineException exception) when (exception.Kind == ErrorKind.Forbidden)
            {
                var number = step % size;
                if (!never.Contains(number) && !held.Exists(one => one.Number == number)) return false;
            }
        }

        return true;
    });
}
