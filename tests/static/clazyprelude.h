// Read by clazy only (it is built on clang 14, which cannot parse libstdc++'s <expected>): the same interface without its substance, so that the
// Qt checks see our code as it is. Never part of a build.
#pragma once

#define _GLIBCXX_EXPECTED 1

#include <initializer_list>
#include <type_traits>
#include <utility>

namespace std {

struct unexpect_t { };
inline constexpr unexpect_t unexpect{};

template<class E>
class unexpected {
public:
    template<class Err = E>
    explicit unexpected(Err &&error) { }
    const E &error() const & { __builtin_unreachable(); }
    E &error() & { __builtin_unreachable(); }
    E &&error() && { __builtin_unreachable(); }
};
template<class E>
unexpected(E) -> unexpected<E>;

template<class T, class E>
class expected {
    struct Nothing { };
    using Value = conditional_t<is_void_v<T>, Nothing, T>;

public:
    using value_type = T;
    using error_type = E;
    expected() { }
    expected(const expected &) { }
    expected(expected &&) { }
    template<class U = Value>
        requires(!is_same_v<remove_cvref_t<U>, expected> && is_constructible_v<Value, U>)
    expected(U &&value) { }
    template<class G>
    expected(const unexpected<G> &error) { }
    template<class G>
    expected(unexpected<G> &&error) { }
    template<class... Args>
    explicit expected(in_place_t, Args &&...args) { }
    template<class... Args>
    explicit expected(unexpect_t, Args &&...args) { }
    ~expected() { }
    expected &operator=(const expected &) { __builtin_unreachable(); }
    expected &operator=(expected &&) { __builtin_unreachable(); }
    template<class U>
    expected &operator=(U &&) { __builtin_unreachable(); }
    explicit operator bool() const { __builtin_unreachable(); }
    bool has_value() const { __builtin_unreachable(); }
    add_pointer_t<const Value> operator->() const { __builtin_unreachable(); }
    add_pointer_t<Value> operator->() { __builtin_unreachable(); }
    const Value &operator*() const & { __builtin_unreachable(); }
    Value &operator*() & { __builtin_unreachable(); }
    Value &&operator*() && { __builtin_unreachable(); }
    const Value &value() const & { __builtin_unreachable(); }
    Value &value() & { __builtin_unreachable(); }
    Value &&value() && { __builtin_unreachable(); }
    const E &error() const & { __builtin_unreachable(); }
    E &error() & { __builtin_unreachable(); }
    E &&error() && { __builtin_unreachable(); }
    template<class U>
    Value value_or(U &&fallback) const { __builtin_unreachable(); }
    template<class... Args>
    Value &emplace(Args &&...args) { __builtin_unreachable(); }
    template<class F>
    auto transform(F &&f) const -> expected<remove_cvref_t<invoke_result_t<F, const Value &>>, E> { __builtin_unreachable(); }
    template<class F>
    auto and_then(F &&f) const -> remove_cvref_t<invoke_result_t<F, const Value &>> { __builtin_unreachable(); }
    friend constexpr bool operator==(const expected &, const expected &) { return true; }
};

} // namespace std
